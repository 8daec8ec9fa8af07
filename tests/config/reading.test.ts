import { describe, expect, test } from 'vitest'
import { isSameValue } from '../../config/same-value.ts'
import { Scalar } from '../../config/tree.ts'
import { readYaml } from '../../config/yaml.ts'
import { fields, load, problems } from '../support/config.ts'
import { plain, treeOf } from '../support/tree.ts'

describe('keys (§3)', () => {
  test.each([
    ['70: x', '70'],
    ['1.50: x', '1.50'],
    ['true: x', 'true'],
    ['2024-01-01: x', '2024-01-01'],
    ['~: x', '~'],
    ['0x1F: x', '0x1F'],
    ['"a b": x', 'a b'],
    ['? a\n: x', 'a'],
    ['&k key: x', 'key'],
    ['__proto__: x', '__proto__'],
  ])('%j has the key %j: any scalar is text', (yaml, key) => {
    expect([...treeOf(yaml).entries.keys()]).toEqual([key])
  })

  test.each([
    ['a: 1\nb: 2\na: 3', '3:1 : the key `a` stands twice in this mapping, first in line 1'],
    ['m:\n  x: {k: 1, "k": 2}', '2:13 : the key `k` stands twice in this mapping, first in line 2'],
    ['l: [{k: 1, k: 2}]', '1:12 : the key `k` stands twice in this mapping, first in line 1'],
    ['b: &b {}\na: {<<: *b, <<: *b}', '2:13 : the key `<<` stands twice in this mapping, first in line 2'],
    ['? [a]\n: x', '1:3 : a key must be a single word, not a list or a mapping'],
    ['? {a: b}\n: x', '1:3 : a key must be a single word, not a list or a mapping'],
  ])('%j is refused with its place', (yaml, problem) => {
    expect(problems(yaml)).toEqual([problem])
  })
})

describe('words (§3)', () => {
  test.each([
    ['v: 1.10', '1.10'],
    ['v: "1.10"', '"1.10"'],
    ["v: '1.10'", '"1.10"'],
    ['v: !!str 5', '"5"'],
    ['v: ! 5', '"5"'],
    ['v: !!int "5"', '5'],
    ['v: !!bool "true"', 'true'],
    ['v: !!null ""', ''],
    ['v: !mine 5', '5'],
    ['v: |\n  a\n  # b\n', '"a\n# b\n"'],
    ['v: >-\n  a\n  b\n', '"a b"'],
    ['v: a\n  b # c', 'a b'],
    ['v: "\\x41\\u00e9"', '"Aé"'],
    ['v:', ''],
    ['v: {a}', { a: '' }],
    ['v: [a: 1]', [{ a: '1' }]],
    ['%YAML 1.1\n---\nv: yes', 'yes'],
    ['v: 1\n---\nv: 2\n--- [', '1'],
  ])('%j', (yaml, expected) => {
    expect(plain(treeOf(yaml))).toEqual({ v: expected })
  })

  test('what is written plainly and in quotes is compared as what it means', () => {
    const place = { file: '', line: 1, column: 1 }
    expect(isSameValue(new Scalar('~', true, place), new Scalar('', true, place))).toBe(true)
    expect(isSameValue(new Scalar('~', false, place), new Scalar('~', true, place))).toBe(false)
  })
})

describe('anchors, aliases and merge keys (§3)', () => {
  test.each([
    ['a: &x 1\nb: *x', { a: '1', b: '1' }],
    ['a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: '1', b: '1', c: '2', d: '2' }],
    ['a: &x\nb: *x', { a: '', b: '' }],
    ['&k key: v\nother: *k', { key: 'v', other: 'key' }],
    ['x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}', { x: { a: '1', b: '2' }, y: { b: '3', a: '1' } }],
    ['x: &x {a: 1}\ny: {b: 3, <<: *x}', { x: { a: '1' }, y: { b: '3', a: '1' } }],
    [
      'x: &x {a: 1, c: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}',
      { x: { a: '1', c: '1' }, y: { a: '2', b: '2' }, z: { a: '1', c: '1', b: '2' } },
    ],
    ['z: {<<: {a: 1}, b: 2}', { z: { b: '2', a: '1' } }],
    ['z: {"<<": {a: 1}}', { z: { '<<': { a: '1' } } }],
    ['x: &x {<<: {a: 1}}\ny: {<<: *x}', { x: { a: '1' }, y: { a: '1' } }],
  ])('%j', (yaml, expected) => {
    expect(plain(treeOf(yaml))).toEqual(expected)
  })

  test.each([
    ['a: *x', '1:4 : the anchor &x is not defined before this line'],
    ['a: *x\nb: &x 1', '1:4 : the anchor &x is not defined before this line'],
    ['a: &a [*a]', '1:8 : the anchor &a holds itself'],
    ['a: &a {b: {<<: *a}}', '1:16 : the anchor &a holds itself'],
    ['a: {<<: 5}', '1:9 : only mappings can be merged with `<<`'],
    ['a: {<<: [{}, 5]}', '1:14 : only mappings can be merged with `<<`'],
    ['a: {<<: }', '1:9 : only mappings can be merged with `<<`'],
  ])('%j is refused with its place', (yaml, problem) => {
    expect(problems(yaml)).toContain(problem)
  })

  test('a mistake in a template is told once, where it stands', () => {
    expect(problems(`x-t: &t {${fields}, ttl: soon}\nmodels: {a: *t, b: *t}`)).toEqual([
      '1:39 models.a.ttl: expected a whole number, and this is `soon`',
    ])
  })
})

describe('the root (§2.2)', () => {
  test.each(['', ' \n', '# nothing', '~', 'null', '{}', '---\n...', '--- ~\n---\nmodels: 5'])(
    '%j says nothing',
    (yaml) => {
      expect(load(yaml).models.size).toBe(0)
    },
  )

  test.each(['[]', '- a', '42', 'text', '""'])('%j is no configuration', (yaml) => {
    expect(problems(yaml)).toEqual(['1:1 : a configuration is a mapping, with `models:` in it'])
  })
})

describe('what is no YAML', () => {
  test.each([
    ['a: [', '1:5'],
    ['a: "x', '1:6'],
    ['\ta: 1', '1:1'],
    ['a: b: c', '1:4'],
    ['a: @x', '1:4'],
    ['{a: 1', '1:6'],
    ['a: 1\n b: 2', '1:4'],
    ['%FOO', '1:5'],
  ])('%j is told at %s', (yaml, place) => {
    expect(problems(yaml)[0]).toContain(`${place} : this is not valid YAML: `)
  })

  test('a reference that YAML cannot read where it stands is told how to write it', () => {
    const [problem] = problems('models: {m: {cmd: serve ${PORT}}}')
    expect(problem).toContain('1:26 : this is not valid YAML')
    expect(problem).toContain('quote what refers to a macro, such as "${PORT}"')
  })
})

describe('hostile files', () => {
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 12; level++) laughs.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`)}]`)
  const merges = ['m0: &m0 {k: {a: 1, b: 2, c: 3, d: 4}}']
  for (let level = 1; level < 40; level++) merges.push(`m${level}: &m${level} {x: *m${level - 1}, y: *m${level - 1}}`)
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)
  const chain = ['c0: &c0 [x]', ...Array.from({ length: 5_000 }, (_, i) => `c${i + 1}: &c${i + 1} [*c${i}]`)]

  test.each([
    ['aliases of aliases', laughs.join('\n'), 'the aliases of this file stand for more than 100000 values'],
    ['mappings of aliases', merges.join('\n'), 'the aliases of this file stand for more than 100000 values'],
    [
      'copies of a large text',
      `t: &t "${'x'.repeat(1_000_000)}"\nl: [${Array(50).fill('*t')}]`,
      'the aliases of this file stand for more than 100000 values',
    ],
    ['lists in lists', `a: ${deep('[', ']', 300)}`, '1:104 : this is nested deeper than 100 levels'],
    ['lists without end', `a: ${'['.repeat(100_000)}`, 'this is nested deeper than 100 levels'],
    ['mappings without end', '{a: '.repeat(20_000), 'this is nested deeper than 100 levels'],
    ['items of items', '- '.repeat(20_000), 'this is nested deeper than 100 levels'],
    ['keys of keys', '? '.repeat(20_000), 'this is nested deeper than 100 levels'],
    ['aliases that nest', chain.join('\n'), 'with the alias *c98, this is nested deeper than 100 levels'],
    ['anchors of nothing', '&a '.repeat(20_000), 'this is not valid YAML'],
    ['closing brackets', '}'.repeat(20_000), 'this is not valid YAML'],
    ['a quote that never closes', `a: "${'x\n'.repeat(100_000)}`, 'this is not valid YAML'],
    ['one key many times', 'a: 1\n'.repeat(20_000), 'stands twice in this mapping, first in line 1'],
  ])('%s are refused with a place', (_, yaml, message) => {
    const { problems } = readYaml(yaml, 'f.yaml')
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(10)
    expect(
      problems.map(({ place: { line, column }, message }) => `${line}:${column} : ${message}`).join('\n'),
    ).toContain(message)
    for (const { place } of problems) expect(place.line).toBeGreaterThan(0)
  })

  test.each([
    ['a large text', `models: {m: {${fields}, description: "${'x'.repeat(5_000_000)}"}}`],
    ['a number of a million digits', `models: {m: {${fields}, metadata: {n: 0x${'f'.repeat(1_000_000)}}}}`],
    ['many comments', '# x\n'.repeat(200_000)],
    ['a hundred levels', `x-a: ${deep('[', ']', 99)}`],
    ['many documents', '---\na: 1\n'.repeat(20_000)],
  ])('%s is no reason to fail', (_, yaml) => {
    expect(problems(yaml)).toEqual([])
  })
})
