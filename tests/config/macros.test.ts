import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Macro } from '../../config/macros/declare.ts'
import { Allowance, expand } from '../../config/macros/expand.ts'
import { Scope } from '../../config/macros/scope.ts'
import { Scalar } from '../../config/tree.ts'
import { load, problems } from '../support/config.ts'

/** What a command becomes, under some macros of the root and of the model. */
function command(text: string, globals: string, own = ''): string | undefined {
  const yaml = `macros:\n${globals}\nmodels:\n  m:\n    cmd: ${text}\n    proxy: http://h\n    macros:\n${own}`
  return load(yaml).models.values().next().value?.cmd
}

const lines = (text: string, indent: number) =>
  text
    .split('; ')
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('')

describe('declarations (§6.2)', () => {
  test.each([
    ['PORT: 1', 'PORT', 'hotseat gives `PORT` its value'],
    ['PID: 1', 'PID', 'hotseat gives `PID` its value'],
    ['MODEL_ID: 1', 'MODEL_ID', 'hotseat gives `MODEL_ID` its value'],
    ['a.b: 1', 'a.b', '`a.b` is no name for a macro'],
    ['"a b": 1', 'a b', '`a b` is no name for a macro'],
    ['"": 1', '', '`` is no name for a macro'],
    ['é: 1', 'é', '`é` is no name for a macro'],
    [`${'x'.repeat(64)}: 1`, 'x'.repeat(64), 'has at most 63 bytes'],
    [`${'é'.repeat(32)}: 1`, 'é'.repeat(32), 'has at most 63 bytes'],
    ['a: "x ${a}"', 'a', 'it refers to itself: a -> a'],
    ['a: ', 'a', 'and this is nothing'],
    ['a: ~', 'a', 'and this is nothing'],
    ['a: [1]', 'a', 'and this is a list'],
    ['a: {b: 1}', 'a', 'and this is a mapping'],
    ['a: 2024-05-01', 'a', 'and this is a date: quote it'],
    ['a: 2024-05-01T10:00:00Z', 'a', 'and this is a date: quote it'],
    ['PORT: ~', 'PORT', 'and this is nothing'],
    ['"P D": ~', 'P D', 'is no name for a macro'],
  ])('%j is refused, at the root and in a model', (declaration, name, message) => {
    const dotted = (path: string) => (name === '' ? `${path}.` : `${path}.${name}`)
    const [atRoot, ...others] = problems(`macros:\n  ${declaration}\n`)
    expect(atRoot).toContain(`2:3 ${dotted('macros')}: `)
    expect(atRoot).toContain(message)
    expect(others).toEqual([])
    const yaml = `models:\n  m:\n    cmd: x\n    proxy: http://h\n    macros:\n      ${declaration}\n`
    expect(problems(yaml)).toEqual([expect.stringContaining(`6:7 ${dotted('models.m.macros')}: `)])
  })

  test.each([
    'a: text',
    'a: 5',
    'a: 1.5',
    'a: true',
    'a: ""',
    'a: "~"',
    'a: "2024-05-01"',
    'a: 2024-13-45',
    'a: "${b}"',
    'a: "${env.}"',
    '1: x',
    'a-b_C9: x',
    `${'x'.repeat(63)}: 1`,
  ])('%j is accepted', (declaration) => {
    expect(problems(`macros:\n  ${declaration}\n`)).toEqual([])
  })

  test.each([
    ['macros:', []],
    ['macros: ~', []],
    ['macros: {}', []],
    ['macros: [a]', ['1:9 macros: expected a mapping of names to values']],
    ['macros: text', ['1:9 macros: expected a mapping of names to values']],
    [
      'x-m: &m {a: 1}\nmacros: {<<: *m}',
      ['2:10 macros.<<: macros cannot be merged in with `<<`: write them where they are used'],
    ],
  ])('%j', (yaml, expected) => {
    expect(problems(yaml)).toEqual(expected)
  })

  test('a macro that is wrong is told, and its uses are not', () => {
    expect(problems('macros: {a: [1]}\nmodels: {m: {cmd: "x ${a}", proxy: "http://h", ttl: "${a}"}}')).toHaveLength(1)
  })

  test('a key that is a number is a name', () => {
    expect(command('x ${1}', lines('1: one', 2))).toBe('x one')
  })
})

describe('references (§6.3)', () => {
  test.each(['$a', '${}', '${a.b}', '${ a }', '${a:-y}', '$(a)', '${a', '${é}', '{a}'])('%s is text', (text) => {
    expect(command(`'x ${text}'`, lines('a: 1', 2))).toBe(`x ${text}`)
  })

  test.each([
    ['$${a}', '$1'],
    ['${a}${a}', '11'],
    ['${${n}}', '1'],
    ['{${a}}', '{1}'],
  ])('%s becomes %s', (text, expected) => {
    expect(command(`'x ${text}'`, lines('a: 1; n: a', 2))).toBe(`x ${expected}`)
  })
})

describe('what a macro sees (§6.4)', () => {
  test.each([
    ['one declared before it', 'a: 1; b: "x${a}"', '', '${b}', 'x1'],
    ['one declared after it', 'b: "x${a}"; a: 1', '', '${b}', 'x1'],
    ['a long way forward', 'a: "${b}"; b: "${c}"; c: "${d}"; d: 1', '', '${a}', '1'],
    ['both ways', 'a: "${c}${b}"; b: "b"; c: "${b}"', '', '${a}', 'bb'],
    ['a global, from a model', 'g: 1', 'l: "x${g}"', '${l}', 'x1'],
    ['the id of the model', 'g: "<${MODEL_ID}>"', '', '${g}', '<m>'],
    ['an override, from a global after it', 'a: 1; b: "x${a}"', 'a: 2', '${b}', 'x2'],
    ['an override, from a global before it', 'b: "x${a}"; a: 1', 'a: 2', '${b}', 'x2'],
    ['a global after what it overrides', 'a: 1; b: 2', 'a: "x${b}"', '${a}', 'x2'],
    ['a macro of the model, from a global', 'g: "x${l}"', 'l: 1', '${g}', 'x1'],
    ['the port', 'g: "--port ${PORT}"', '', '${g}', '--port 5800'],
  ])('%s', (_, globals, own, text, expected) => {
    expect(command(`'${text}'`, lines(globals, 2), own === '' ? '' : lines(own, 6))).toBe(expected)
  })

  test('outside models a global does not see what a model overrides', () => {
    const { models, logLevel } = load(
      'macros: {l: warn, r: "${l}"}\nlogLevel: ${r}\nmodels: {m: {cmd: "x ${r}", proxy: "http://h", macros: {l: x}}}',
    )
    expect([logLevel, models.values().next().value?.cmd]).toEqual(['warn', 'x x'])
  })

  test.each([
    ['macros: {a: "${b}", b: "${a}"}\nlogLevel: "${a}"', ['1:10 macros.a: it refers to itself: a -> b -> a']],
    ['macros: {a: "${b}", b: "${a}"}\nlogLevel: "${b}"', ['1:10 macros.a: it refers to itself: a -> b -> a']],
    [
      'macros: {x: "${a}", b: "${c}", a: "${b}", c: "${a}"}\nlogLevel: "${x}"',
      ['1:21 macros.b: it refers to itself: b -> c -> a -> b'],
    ],
    [
      'macros: {g: "${l}"}\nmodels: {m: {cmd: "x ${g}", proxy: "http://h", macros: {l: "${g}"}}}',
      ['1:10 macros.g: it refers to itself: g -> l -> g'],
    ],
  ])('a circle is shown once, where it begins: %j', (yaml, expected) => {
    expect(problems(yaml)).toEqual(expected)
  })

  test('macros that nobody uses may refer to anything, or in a circle', () => {
    expect(problems('macros: {a: "${b}", b: "${a}", c: "${nope} ${PORT} ${PID}"}')).toEqual([])
  })
})

describe('what a value becomes (§6.4, §6.5)', () => {
  const model = (more: string) => `models:\n  m:\n    cmd: x\n    proxy: http://h:1\n    ${more}`
  const of = (macros: string, more: string) =>
    load(`macros: {${macros}}\n${model(more)}`)
      .models.values()
      .next().value

  test.each([
    ['t: 5', 'ttl: "${t}"', 5000],
    ['t: 0x1F', 'ttl: ${t}'.replace('${t}', '"${t}"'), 31_000],
    ['t: "${u}", u: 5', 'ttl: "${t}"', 5000],
    ['t: 5, u: "${t}"', 'ttl: "${u}"', 5000],
  ])('a number stays one: %s in %s', (macros, more, expected) => {
    expect(of(macros, more)?.ttlMs).toBe(expected)
  })

  test.each([
    ['t: "5"', 'ttl: "${t}"', 'the text `5`'],
    ['t: 5', 'ttl: "${t}0"', 'the text `50`'],
    ['t: 5', "ttl: ' ${t}'", 'the text ` 5`'],
    ['b: "true"', 'unlisted: "${b}"', 'the text `true`'],
    ['t: 5', 'ttl: ${t}0', 'the text `50`'],
  ])('text is no number: %s in %s', (macros, more, message) => {
    expect(problems(`macros: {${macros}}\n${model(more)}`).join()).toContain(message)
  })

  test.each([
    ['b: true', 'unlisted: "${b}"'],
    ['b: "yes"', 'unlisted: "${b}"'],
    ['b: yes', 'unlisted: "${b}"'],
  ])('a boolean stays one: %s in %s', (macros, more) => {
    expect(of(macros, more)?.unlisted).toBe(true)
  })

  test.each([
    ['0x1F', '0x1F'],
    ['1000000.0', '1000000.0'],
    ['1.10', '1.10'],
    ['007', '007'],
    ['True', 'True'],
    ['18446744073709551616', '18446744073709551616'],
  ])('inside text %s is spelled as it was written', (written, spelled) => {
    expect(of(`v: ${written}`, 'name: "<${v}>"')?.name).toBe(`<${spelled}>`)
  })

  test('every value of a model is a target, known or not, at any depth', () => {
    const found = load(
      'macros: {v: val, n: 7}\n' +
        'models: {m: {cmd: "${v}", cmdStop: "${v} ${PID}", proxy: "http://${v}", checkEndpoint: "/${v}", name: "${v}", ' +
        'description: "${v}", aliases: ["${v}"], env: ["A=${v}"], useModelName: "${v}", concurrencyLimit: "${n}", ' +
        'timeouts: {connect: "${n}"}, metadata: {a: [{b: "${v}", 1: "${n}"}]}, filters: {stripParams: "${v}"}}}',
    )
      .models.values()
      .next().value
    expect(found).toMatchObject({
      cmd: 'val',
      stopArgv: ['val', '${PID}'],
      proxy: 'http://val',
      checkEndpoint: '/val',
      name: 'val',
      description: 'val',
      aliases: ['val'],
      env: ['A=val'],
      useModelName: 'val',
      concurrencyLimit: 7,
      timeouts: { connectMs: 7000 },
    })
    expect(found?.metadata.get('a')).toBe('[{"1":7,"b":"val"}]')
  })

  test('the root and everything in it is a target', () => {
    const config = load(
      'macros: {n: 7, k: secret, u: "http://up:1", p: [x]}\n'.replace(', p: [x]', '') +
        'globalTTL: "${n}"\napiKeys: ["${k}"]\npeers: {r: {proxy: "${u}", models: ["m${n}"], apiKey: "${k}"}}\n' +
        'models: {m: {cmd: x, proxy: "http://h"}}',
    )
    expect(config.models.values().next().value?.ttlMs).toBe(7000)
    expect(JSON.stringify([...config.peers.values()])).toContain('"m7"')
    expect(JSON.stringify(config.apiKeys)).toContain('secret')
  })

  test('a template gives each model its own', () => {
    const yaml = `macros: {}\nx-t: &t {cmd: "serve \${MODEL_ID} \${PORT}"}\nmodels: {b: *t, a: {<<: *t}}`
    expect([...load(yaml).models.values()].map(({ cmd }) => cmd)).toEqual(['serve a 5800', 'serve b 5801'])
  })
})

describe('names of parameters (§6.4)', () => {
  const model = (keys: string, macros = '') =>
    `models: {m: {cmd: "x \${PORT}", macros: {${macros}}, filters: {setParamsByID: {${keys}}}}}`

  test('they are expanded in a model, and are its aliases', () => {
    const config = load(model('"${MODEL_ID}:${h}": {a: 1}, "${MODEL_ID}-${PORT}": {a: 2}', 'h: high'))
    expect([...config.aliases.keys()]).toEqual(['m:high', 'm-5800'])
  })

  test.each([
    [
      model('"${a}": {x: 1}, "${b}": {x: 2}', 'a: k, b: k'),
      'models.m.filters.setParamsByID.k: the key `k` stands twice',
    ],
    [
      model('"x5800": {x: 1}, "x${PORT}": {x: 2}'),
      'models.m.filters.setParamsByID.x5800: the key `x5800` stands twice',
    ],
    [model('"${nope}": {x: 1}'), 'models.m.filters.setParamsByID.${nope}: nothing is known as ${nope}'],
    [model('"${PID}": {x: 1}'), 'nothing is known as ${PID} here'],
  ])('%j', (yaml, message) => {
    expect(problems(yaml).join('\n')).toContain(message)
  })

  test('other keys, and those of peers, are as they are written', () => {
    const peer = 'peers: {p: {proxy: "http://h", models: [a], filters: {setParamsByID: {"${n}": {x: 1}}}}}'
    expect(problems(`macros: {n: 1}\n${peer}`)).toEqual([])
    const { models } = load('macros: {n: 1}\nmodels: {m: {cmd: x, proxy: "http://h", metadata: {"${n}": 1}}}')
    expect([...(models.values().next().value?.metadata.keys() ?? [])]).toEqual(['${n}'])
  })
})

describe('what is left (§6.6)', () => {
  const model = (more: string) => `models: {m: {cmd: x, proxy: "http://h", ${more}}}`

  test.each([
    [model('name: "${nope}"'), '1:47 models.m.name: nothing is known as ${nope}: declare it under `macros`'],
    [model('unknown: {a: ["${nope}"]}'), '1:55 models.m.unknown.a[0]: nothing is known as ${nope}'],
    [model('metadata: {a: [1, {b: "${nope}"}]}'), 'models.m.metadata.a[1].b: nothing is known as ${nope}'],
    [
      model('name: "${PORT}"'),
      'models.m.name: nothing is known as ${PORT} here: a model has a port when its `cmd` asks',
    ],
    [
      model('name: "${PID}"'),
      'models.m.name: nothing is known as ${PID} here: it is the process id, in `cmdStop` only',
    ],
    [`macros: {model_root: /m}\n${model('name: "${modelroot}"')}`, 'did you mean ${model_root}?'],
    [model('macros: {quant: q4}, name: "${qaunt}"'), 'did you mean ${quant}?'],
    [model('cmdStop: "stop ${PDI}"'), 'models.m.cmdStop: nothing is known as ${PDI}'],
    ['models: {m: {cmd: "x ${PROT}", proxy: "http://h"}}', 'did you mean ${PORT}?'],
    ['peers: {p: {proxy: "http://h", models: ["${nope}"]}}', '1:41 peers.p.models[0]: nothing is known as ${nope}'],
    ['logLevel: "${PORT}"', 'logLevel: nothing is known as ${PORT} here: it has a value inside a model only'],
    [
      'apiKeys: ["x${MODEL_ID}"]',
      'apiKeys[0]: nothing is known as ${MODEL_ID} here: it has a value inside a model only',
    ],
    ['logLevel: "${PID}"', 'logLevel: nothing is known as ${PID} here'],
    [`${model('macros: {a: 1}')}\nlogLevel: "\${a}"`, 'logLevel: nothing is known as ${a}'],
    ['macros: {e: env.HOME}\nlogLevel: "${${e}}"', 'logLevel: ${env.HOME} is left'],
  ])('%j is told with its path', (yaml, message) => {
    expect(problems(yaml).join('\n')).toContain(message)
  })

  test.each([
    ['the process id in cmdStop', model('cmdStop: "stop ${PID} ${PID}"')],
    ['anything under unknown keys of the root', 'x-templates: {a: "${nope} ${PORT}"}'],
    ['keys that are no names', model('metadata: {"${nope}": 1}')],
    ['text that is no reference', model('name: "${no.pe} ${} $nope ${env.1}"')],
  ])('%s may stay', (_, yaml) => {
    expect(problems(yaml)).toEqual([])
  })
})

const place = { file: 'f', line: 1, column: 1 }
const macro = (name: string, text: string, isPlain: boolean): Macro => {
  return { name, value: new Scalar(text, isPlain, place), place, path: name }
}

/** One pass for each macro from the last to the first, and no more, as the reference goes about it. */
function asTheReference(value: Scalar, macros: readonly Macro[]): Scalar {
  return macros.toReversed().reduce((scalar, { name, value }) => {
    if (scalar.text === `\${${name}}`) return value
    if (!scalar.text.includes(`\${${name}}`)) return scalar
    return new Scalar(
      scalar.text.replaceAll(`\${${name}}`, () => value.text),
      false,
      place,
    )
  }, value)
}

const names = ['a', 'b', 'c', 'd'] as const
const piece = fc.oneof(
  { arbitrary: fc.constantFrom(...names).map((name) => `\${${name}}`), weight: 4 },
  { arbitrary: fc.constantFrom('x', '', '$', '{', '}', '${', 'a', '${zz}'), weight: 2 },
)
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const value = fc.oneof(
  text.map((text) => ({ text, isPlain: false })),
  fc.constantFrom({ text: '5', isPlain: true }, { text: 'true', isPlain: true }),
)
const declarations = fc
  .shuffledSubarray([...names])
  .chain((names) => fc.tuple(...names.map((name) => value.map(({ text, isPlain }) => macro(name, text, isPlain)))))
const refers = (text: string) => names.some((name) => text.includes(`\${${name}}`))

test('whatever the reference can expand, is the same here', () => {
  let expanded = 0
  fc.assert(
    fc.property(text, declarations, (text, macros) => {
      const written = new Scalar(text, false, place)
      const expected = asTheReference(written, macros)
      const declared = new Set(macros.map(({ name }) => name))
      if (names.some((name) => declared.has(name) && expected.text.includes(`\${${name}}`))) return
      const found = expand(written, new Scope(macros), new Allowance())
      expect(found).toEqual({ type: 'expanded', scalar: expected })
      if (refers(text)) expanded++
    }),
    { numRuns: 1_500 },
  )
  expect(expanded).toBeGreaterThan(150)
})

test('what was expanded has nothing left to expand, and the order of the macros does not matter to text', () => {
  fc.assert(
    fc.property(text, declarations, (text, macros) => {
      const scope = new Scope(macros)
      const found = expand(new Scalar(text, false, place), scope, new Allowance())
      if (found.type !== 'expanded') return
      expect(scope.referredIn(found.scalar.text)).toEqual([])
      expect(expand(found.scalar, scope, new Allowance())).toEqual(found)
      const other = expand(new Scalar(text, false, place), new Scope(macros.toReversed()), new Allowance())
      expect(other).toMatchObject({ type: 'expanded', scalar: { text: found.scalar.text } })
    }),
    { numRuns: 1_000 },
  )
})

describe('hostile macros', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `x${i + 1}: "\${x${i}}\${x${i}}"`).join(', ')
  const chain = Array.from({ length: 4_000 }, (_, i) => `  x${i}: "\${x${i + 1}}"\n`).join('')

  test.each([
    ['doubling', `macros: {x0: "1", ${doubling}}\nlogLevel: "\${x40}"`],
    ['making each other', 'macros: {a: "${b", b: "${a}}"}\nlogLevel: "${a}}"'],
    ['a long chain', `macros:\n${chain}logLevel: "\${x0}"\n`],
  ])('%s comes to an end', (_, yaml) => {
    expect(problems(yaml).join().slice(0, 300)).toMatch(/logLevel: (?:its macros make more text|nothing is known as)/)
  })

  test('a large circle is told by its ends', () => {
    const circle = `${chain}  x4000: "\${x0}"\n`
    expect(problems(`macros:\n${circle}logLevel: "\${x7}"\n`)).toEqual([
      '2:3 macros.x0: it refers to itself: x0 -> x1 -> x2 -> x3 -> x4 -> x5 -> … -> x3997 -> x3998 -> x3999 -> x4000 -> x0',
    ])
  })
})
