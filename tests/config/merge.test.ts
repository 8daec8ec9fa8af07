import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeTrees } from '../../config/merge.ts'
import { List, Mapping, Scalar, type Tree } from '../../config/tree.ts'
import { fields, loadFiles, problemsOfFiles } from '../support/config.ts'
import { plain, treeOf } from '../support/tree.ts'

function merge(...texts: readonly string[]) {
  const { tree, problems } = mergeTrees(texts.map((text, index) => treeOf(text, `${index + 1}.yaml`)))
  const told = problems.map(
    ({ place, path, message }) => `${place.file}:${place.line}:${place.column} ${path}: ${message}`,
  )
  return { merged: plain(tree), problems: told }
}

describe('what can be merged (§2.3)', () => {
  test.each([
    ['keys of the second file follow', ['b: 1\na: 2', 'c: 3\nb: 1'], { b: '1', a: '2', c: '3' }],
    [
      'mappings join, at any depth',
      ['ui: {a: {x: 1}}', 'ui: {a: {y: 2}, b: 3}'],
      { ui: { a: { x: '1', y: '2' }, b: '3' } },
    ],
    ['unknown keys as well', ['zzz: {a: 1}', 'zzz: {b: 2}'], { zzz: { a: '1', b: '2' } }],
    ['lists follow each other, doubles and all', ['l: [a, b]', 'l: [b, c]'], { l: ['a', 'b', 'b', 'c'] }],
    ['three files', ['l: [a]', 'l: [b]', 'l: [c]\nk: 1'], { l: ['a', 'b', 'c'], k: '1' }],
    [
      'models of both',
      ['models: {a: {cmd: x}}', 'models: {b: {cmd: y}}'],
      { models: { a: { cmd: 'x' }, b: { cmd: 'y' } } },
    ],
    [
      'parts of a matrix',
      ['matrix: {sets: {s: a}}', 'matrix: {vars: {v: a}}'],
      { matrix: { sets: { s: 'a' }, vars: { v: 'a' } } },
    ],
    ['macros are no things of their own', ['macros: {a: 1}', 'macros: {a: 1, b: 2}'], { macros: { a: '1', b: '2' } }],
    [
      'fields of a model cannot be split',
      ['hooks: {on_startup: {preload: [a]}}', 'hooks: {on_startup: {preload: [b]}}'],
      { hooks: { on_startup: { preload: ['a', 'b'] } } },
    ],
  ])('%s', (_, texts, expected) => {
    expect(merge(...texts)).toEqual({ merged: expected, problems: [] })
  })

  test.each([
    ['100', '1e2'],
    ['100', '100.0'],
    ['16', '0x10'],
    ['8', '010'],
    ['1000', '1_000'],
    ['true', 'True'],
    ['warn', '"warn"'],
    ["'100'", '"100"'],
    ['.5', '0.5'],
    ['18446744073709551615', '18446744073709551615'],
  ])('%s and %s are the same value, and the first spelling stays', (first, second) => {
    expect(merge(`k: ${first}`, `k: ${second}`)).toEqual({
      merged: { k: plain(treeOf(`k: ${first}`).entries.get('k')!) },
      problems: [],
    })
  })

  test.each([
    ['100', '"100"'],
    ['1', '2'],
    ['true', 'yes'],
    ['true', '"true"'],
    ['info', 'warn'],
    ['9007199254740992', '9007199254740993'],
    ['1.1', '1.10000001'],
  ])('%s and %s are not', (first, second) => {
    const { problems } = merge(`k: ${first}`, `\n\nk: ${second}`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^2.yaml:3:1 k: it is .* here and .* in 1.yaml:1: keep one$/)
  })

  test.each(['', '~', 'null', 'Null', 'NULL'])('null spelled %j yields to anything, in either order', (nothing) => {
    for (const value of ['1', '[a]', '{a: 1}']) {
      const expected = merge(`k: ${value}`).merged
      expect(merge(`k: ${value}`, `k: ${nothing}`)).toEqual({ merged: expected, problems: [] })
      expect(merge(`k: ${nothing}`, `k: ${value}`)).toEqual({ merged: expected, problems: [] })
      expect(merge(`models: ${nothing}`, 'models: {a: 1}', `models: ${nothing}`).problems).toEqual([])
    }
  })
})

describe('what cannot (§2.3)', () => {
  test('an entry that one of the files leaves empty is an entry all the same', () => {
    expect(merge('models: {m: }', 'models: {m: {cmd: x}}').problems).toHaveLength(1)
    expect(merge('models: {m: {cmd: x}}', 'models: {m: ~}').problems).toHaveLength(1)
  })

  test.each([
    'models',
    'groups',
    'profiles',
    'selectors',
    'peers',
    'matrix',
    'routing.router.settings.groups',
    'routing.router.settings.matrix',
  ])('the same entry of %s in two files, even word for word', (path) => {
    const nested = path.split('.').reduceRight((inner, key) => `{${key}: ${inner}}`, '{same: {a: 1}, x: 1}')
    const { problems } = merge(nested, nested.replace('x: 1', 'y: 1'))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`${path}.same: it is defined here and in 1.yaml:1`)
    expect(problems[0]).toMatch(/^2\.yaml:/)
  })

  test.each([
    ['models', ['models: {a: 1}', 'models: [b]'], 'it must be a mapping in every file'],
    ['models', ['models: [a]', 'models: [b]'], 'it must be a mapping in every file'],
    ['groups', ['groups: x', 'groups: x'], 'it must be a mapping in every file'],
    ['k', ['k: {a: 1}', 'k: [a]'], 'it is a list here and a mapping in 1.yaml:1'],
    ['k', ['k: [a]', 'k: a'], 'it is `a` here and a list in 1.yaml:1'],
    ['a.b', ['a: {b: 1}', 'a: {b: {}}'], 'it is a mapping here and `1` in 1.yaml:1'],
    ['a.b', ['a: {b: 1}', '~', 'a: {b: "1"}'], 'it is the text `1` here and `1` in 1.yaml:1'],
  ])('%s in %j', (path, texts, message) => {
    const { problems } = merge(...(texts as string[]).map((text) => (text === '~' ? '{}' : text)))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(` ${path}: ${message}`)
  })

  test('everything that collides is told at once, each in its own file', () => {
    const model = `m: {${fields}}`
    expect(problemsOfFiles(`logLevel: info\nmodels:\n  ${model}`, `models:\n  ${model}`, 'logLevel: warn')).toEqual([
      '2.yaml:2:3 models.m: it is defined here and in 1.yaml:3: rename or remove one',
      '3.yaml:1:1 logLevel: it is `warn` here and `info` in 1.yaml:1: keep one',
    ])
  })
})

describe('each file by itself (§2.3)', () => {
  test('anchors of one name mean in each file what they mean there, also under keys that both have', () => {
    const config = loadFiles(
      `x-base: &base {cmd: one, proxy: "http://h"}\nmodels: {a: *base}`,
      `x-other: &base {cmd: two, proxy: "http://h"}\nmodels: {b: {<<: *base, ttl: 3}}`,
    )
    expect([...config.models.values()].map(({ cmd, ttlMs }) => [cmd, ttlMs])).toEqual([
      ['one', 0],
      ['two', 3000],
    ])
  })

  test('an anchor does not reach into another file', () => {
    expect(problemsOfFiles('x-base: &base {}', 'models: {a: *base}').join()).toContain(
      '2.yaml:1:13 : the anchor &base is not defined before this line',
    )
  })

  test('macros of one file are known in the others', () => {
    const config = loadFiles(`macros: {cmd: serve}`, `models: {a: {cmd: "\${cmd} \${PORT}"}}`)
    expect(config.models.values().next().value?.argv).toEqual(['serve', '5800'])
  })

  test('an item of a joined list is told where it was written', () => {
    const group = (members: string) => `hooks: {on_startup: {preload: [${members}]}}`
    expect(problemsOfFiles(group('1'), `\n${group('[x]')}`)).toEqual([
      expect.stringContaining('1.yaml:1:32 hooks.on_startup.preload[0]: '),
      '2.yaml:2:32 hooks.on_startup.preload[1]: expected text',
    ])
  })
})

const place = { file: 'f', line: 1, column: 1 }
const word = fc
  .tuple(fc.string({ maxLength: 5 }), fc.boolean())
  .map(([text, isPlain]) => new Scalar(text, isPlain, place))
const { tree } = fc.letrec<{ tree: Tree; mapping: Mapping }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    word,
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => new List(items, place)),
    tie('mapping'),
  ),
  mapping: fc
    .array(fc.tuple(fc.constantFrom('models', 'groups', 'a', 'b', '__proto__', '10'), tie('tree')), { maxLength: 4 })
    .map((entries) => {
      const map = new Map(entries)
      return new Mapping(map, new Map([...map.keys()].map((key) => [key, place])), place)
    }),
}))
const mapping = tree.filter((tree) => tree instanceof Mapping)
const nothing = new Mapping(new Map(), new Map(), place)

test('any tree survives a merge with an empty file, before it and after it', () => {
  fc.assert(
    fc.property(mapping, (tree) => {
      for (const trees of [
        [tree, nothing],
        [nothing, tree],
        [nothing, tree, nothing],
      ]) {
        const { tree: merged, problems } = mergeTrees(trees)
        expect(problems).toEqual([])
        expect(merged).toEqual(tree)
      }
    }),
  )
})

test('merging is the same in one go and one by one, and never loses a key', () => {
  fc.assert(
    fc.property(mapping, mapping, mapping, (a, b, c) => {
      const together = mergeTrees([a, b, c]).tree
      expect(mergeTrees([mergeTrees([a, b]).tree, c]).tree).toEqual(together)
      expect(new Set(together.entries.keys())).toEqual(new Set([a, b, c].flatMap(({ entries }) => [...entries.keys()])))
    }),
  )
})
