import { describe, expect, test } from 'vitest'
import { type Environment, substituteEnvironment } from '../../config/environment.ts'
import { fields, load, model, problems } from '../support/config.ts'
import { plain, treeOf } from '../support/tree.ts'

const environment: Environment = {
  P: '6000',
  NAME: 'gpu-1',
  EMPTY: '',
  NULL: '~',
  YES: 'yes',
  COMMENT: 'a #b',
  LIST: '[a, b]',
  MAP: 'a: b',
  STAR: '*x',
  QUOTES: `"it's"`,
  WINDOWS: 'C:\\m\\x',
  BLANKS: '  7 ',
  OTHER: `\${env.P}`,
  MACRO: `\${greeting}`,
  DOLLARS: '$&$1$$',
  LINES: 'a\nb',
  RETURN: 'a\rb',
  NUL: 'a\0b',
  _u1: 'low',
}

function substitute(yaml: string) {
  const { tree, problems } = substituteEnvironment(treeOf(yaml), environment)
  return {
    tree: plain(tree),
    problems: problems.map(({ place, path, message }) => `${place.line}:${place.column} ${path}: ${message}`),
  }
}

describe('values (§5)', () => {
  test.each([
    ['v: ${env.P}', '6000'],
    ['v: "${env.P}"', '"6000"'],
    ["v: '${env.P}'", '"6000"'],
    ['v: |-\n  ${env.P}', '"6000"'],
    ['v: ${env._u1}', 'low'],
    ['v: [${env.P}, "${env.P}"]', ['6000', '"6000"']],
    ['v: {k: ${env.P}, l: x-${env.NAME}-y}', { k: '6000', l: 'x-gpu-1-y' }],
    ['v: ${env.EMPTY}', ''],
    ['v: "${env.EMPTY}"', '""'],
    ['v: ${env.NULL}', '~'],
    ['v: ${env.YES}', 'yes'],
    ['v: ${env.BLANKS}', '7'],
    ['v: "${env.BLANKS}"', '"  7 "'],
    ['v: a ${env.NAME}:${env.P} b', 'a gpu-1:6000 b'],
    ['v: ${env.COMMENT}', 'a #b'],
    ['v: ${env.LIST}', '[a, b]'],
    ['v: ${env.MAP}', 'a: b'],
    ['v: ${env.STAR}', '*x'],
    ['v: ${env.QUOTES}', `"it's"`],
    ['v: "${env.QUOTES}"', `""it's""`],
    ['v: ${env.WINDOWS}', 'C:\\m\\x'],
    ['v: "${env.WINDOWS}"', '"C:\\m\\x"'],
    ["v: '${env.WINDOWS}'", '"C:\\m\\x"'],
    ['v: |-\n  ${env.WINDOWS}', '"C:\\m\\x"'],
    ['v: ${env.DOLLARS}', '$&$1$$'],
    ['v: ${env.OTHER}', '${env.P}'],
  ])('%j', (yaml, expected) => {
    expect(substitute(yaml)).toEqual({ tree: { v: expected }, problems: [] })
  })

  test.each(['${env.1X}', '${env.A-B}', '${env.A.B}', '${env.}', '${env.A B}', '$env.P', '${ENV.P}', '${ env.P }'])(
    '%s is text',
    (text) => {
      expect(substitute(`v: "${text}"`)).toEqual({ tree: { v: `"${text}"` }, problems: [] })
    },
  )

  test.each([
    ['v: 1 # ${env.NOPE}', { v: '1' }],
    ['# ${env.NOPE}\nv: 1', { v: '1' }],
    ['v: [ # ${env.NOPE}\n  1]', { v: ['1'] }],
  ])('a comment asks for nothing: %j', (yaml, expected) => {
    expect(substitute(yaml)).toEqual({ tree: expected, problems: [] })
  })

  test('an alias brings the value along', () => {
    expect(substitute('a: &x ${env.P}\nb: *x').tree).toEqual({ a: '6000', b: '6000' })
  })
})

describe('keys (§5)', () => {
  test.each([
    ['${env.NAME}: 1', { 'gpu-1': '1' }],
    ['"x ${env.NAME}": 1', { 'x gpu-1': '1' }],
    ['{${env.NAME}: 1}', { 'gpu-1': '1' }],
    ['m: {"${env.P}": {${env.NAME}: ${env.P}}}', { m: { '6000': { 'gpu-1': '6000' } } }],
  ])('%j', (yaml, expected) => {
    expect(substitute(yaml)).toEqual({ tree: expected, problems: [] })
  })

  test('two keys that become one are told', () => {
    expect(substitute('gpu-1: 1\n${env.NAME}: 2').problems).toEqual([
      '2:1 gpu-1: the key `gpu-1` stands twice in this mapping, first in line 1',
    ])
  })
})

describe('what goes wrong (§5)', () => {
  test.each([
    ['a: 1\nv: ${env.NOPE}', '2:4 v: the variable NOPE is not set in the environment'],
    ['v: [x, "-${env.NOPE}-"]', '1:8 v[1]: the variable NOPE is not set in the environment'],
    ['m: {${env.NOPE}: 1}', '1:5 m.${env.NOPE}: the variable NOPE is not set in the environment'],
    ['v: ${env.constructor}', '1:4 v: the variable constructor is not set in the environment'],
    ['v: ${env.LINES}', '1:4 v: the variable LINES holds a line break or a NUL, which no value may'],
    ['v: "${env.RETURN}"', '1:4 v: the variable RETURN holds a line break or a NUL, which no value may'],
    ['v: ${env.NUL}', '1:4 v: the variable NUL holds a line break or a NUL, which no value may'],
  ])('%j names the variable and its place', (yaml, problem) => {
    expect(substitute(yaml).problems).toEqual([problem])
  })

  test('a variable that is not set is told once for each place, and nothing that follows from it', () => {
    const yaml = `startPort: \${env.NOPE}\nmacros: {k: "\${env.NOPE}"}\nmodels: {m: {${fields}, ttl: \${env.NOPE}, name: "\${k}"}}`
    expect(problems(yaml)).toEqual([
      '1:12 startPort: the variable NOPE is not set in the environment',
      '2:13 macros.k: the variable NOPE is not set in the environment',
      '3:48 models.m.ttl: the variable NOPE is not set in the environment',
    ])
  })
})

describe('in a configuration (§5)', () => {
  const options = { environment }

  test('a number stays a number, and quoted it is text', () => {
    const { models } = load('startPort: ${env.P}\nmodels: {m: {cmd: "x ${PORT}"}}', options)
    expect(models.values().next().value?.port).toBe(6000)
    expect(problems('startPort: "${env.P}"', options).join()).toContain('startPort: expected a whole number')
  })

  test('a boolean, a null and a word of YAML 1.1', () => {
    expect(model('unlisted: ${env.YES}, name: ${env.EMPTY}, checkEndpoint: ${env.NULL}', '', options)).toMatchObject({
      unlisted: true,
      name: '',
      checkEndpoint: '/health',
    })
  })

  test('names of models and macros come from it too', () => {
    const yaml = 'macros: {${env.NAME}: 7}\nmodels: {${env.NAME}: {cmd: "x ${gpu-1} ${MODEL_ID}", proxy: "http://h"}}'
    expect(load(yaml, options).models.values().next().value?.argv).toEqual(['x', '7', 'gpu-1'])
  })

  test('a macro that a variable brings in is replaced, a variable is not', () => {
    const yaml = 'macros: {greeting: hello}\nmodels: {m: {cmd: "x ${env.MACRO}", proxy: "http://h"}}'
    expect(load(yaml, options).models.values().next().value?.argv).toEqual(['x', 'hello'])
    expect(problems('logLevel: ${env.OTHER}', options).join()).toContain(
      '1:11 logLevel: ${env.P} is left: what a variable or a macro brings in cannot refer to the variable P',
    )
  })

  test.each([
    ['models:\n  m:\n    proxy: http://h\n    cmd: |\n      # ${env.NOPE} ${nope} ${PORT}\n      serve\n'],
    ['models:\n  m:\n    proxy: http://h\n    cmd: serve\n    cmdStop: |\n      # ${env.NOPE} ${PID}\n      stop\n'],
    ['x-t: &t\n  proxy: http://h\n  cmd: |\n    # ${env.NOPE}\n    serve\nmodels: {m: *t}\n'],
  ])('comment lines of commands ask for nothing: %j', (yaml) => {
    expect(load(yaml).models.values().next().value?.argv).toEqual(['serve'])
  })

  test('what stands in quotes in a command is no comment', () => {
    const yaml = "models:\n  m:\n    proxy: http://h\n    cmd: |\n      serve '\n      # ${env.NOPE}\n      '\n"
    expect(problems(yaml)).toEqual(['4:10 models.m.cmd: the variable NOPE is not set in the environment'])
  })

  test('comments of other texts are text', () => {
    expect(
      problems(`models:\n  m:\n    cmd: x\n    proxy: http://h\n    description: |\n      # \${env.NOPE}\n`),
    ).toEqual(['5:18 models.m.description: the variable NOPE is not set in the environment'])
  })
})
