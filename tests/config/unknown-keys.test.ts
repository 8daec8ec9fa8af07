import { describe, expect, test } from 'vitest'
import { fields, problems, warnings } from '../support/config.ts'

describe('keys that nobody reads (§18.16)', () => {
  test.each([
    ['logLvel: info', ['1:1 logLvel: the key `logLvel` is unknown: did you mean `logLevel`?']],
    ['something: else', ['1:1 something: the key `something` is unknown, and is ignored']],
    [`models: {m: {${fields}, tll: 5}}`, ['1:43 models.m.tll: the key `tll` is unknown: did you mean `ttl`?']],
    [
      `models: {m: {${fields}, compat: {ignoreWebSockets: yes}}}`,
      [
        '1:52 models.m.compat.ignoreWebSockets: the key `ignoreWebSockets` is unknown: did you mean `ignoreWebsockets`?',
      ],
    ],
    ['groups: {g: {member: []}}', ['1:14 groups.g.member: the key `member` is unknown: did you mean `members`?']],
    [`models: {m: {${fields}, metadata: {anything: {at: all}}}}`, []],
    ['x-templates: {tll: 1}\nx-: 1', []],
    ['macros: {tll: 1}', []],
    [`models: {tll: {${fields}, macros: {tll: 1}}}`, []],
    [
      'constructor: 1\n__proto__: 1\ntoString: 1',
      [
        '1:1 constructor: the key `constructor` is unknown, and is ignored',
        '2:1 __proto__: the key `__proto__` is unknown, and is ignored',
        '3:1 toString: the key `toString` is unknown, and is ignored',
      ],
    ],
  ])('%j', (yaml, expected) => {
    expect(warnings(yaml)).toEqual(expected)
    expect(problems(yaml, { isStrict: true })).toEqual(expected)
  })

  test('other warnings stay warnings where unknown keys are errors', () => {
    const yaml = "models: {m: {cmd: \"serve 'x\", proxy: 'http://h'}}"
    expect(problems(yaml, { isStrict: true })).toEqual([])
    expect(warnings(yaml, { isStrict: true })).toHaveLength(1)
  })
})
