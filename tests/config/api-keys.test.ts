import { describe, expect, test } from 'vitest'
import { load, problems, warnings } from '../support/config.ts'

describe('API keys (§7.9)', () => {
  const everything = { models: ['*'], allow: ['inference', 'control', 'logs', 'ui'] }

  test.each([
    ['[]', []],
    ['~', []],
    [
      '[abc, 123, ~]',
      [
        { key: 'abc', name: null, ...everything },
        { key: '123', name: null, ...everything },
      ],
    ],
    ['[{key: abc}]', [{ key: 'abc', name: null, ...everything }]],
    [
      '[{key: abc, name: " Ann ", models: ["qwen*", b], allow: [logs]}]',
      [{ key: 'abc', name: 'Ann', models: ['qwen*', 'b'], allow: ['logs'] }],
    ],
    ['[{key: abc, models: []}]', [{ key: 'abc', name: null, models: [], allow: everything.allow }]],
    [
      '[a, a]',
      [
        { key: 'a', name: null, ...everything },
        { key: 'a', name: null, ...everything },
      ],
    ],
  ])('%s', (written, keys) => {
    expect(load(`apiKeys: ${written}`).apiKeys).toEqual(keys)
  })

  test.each([
    ['["sec ret"]', 'apiKeys[0]: contains a blank'],
    ['[ok, "sec\\tret"]', 'apiKeys[1]: contains a blank'],
    ['["sec\\nret"]', 'contains a blank'],
    ['["sec\\u0007ret"]', 'contains a blank or control character'],
    ['["sec\\u00a0ret"]', 'contains a blank'],
    ['[""]', 'apiKeys[0]: is empty'],
    ['[{name: secret}]', 'apiKeys[0]: is empty'],
    ['[secret, {key: secret, allow: [logs]}]', 'apiKeys[1]: is the same key as apiKeys[0]'],
    ['[{key: secret, allow: [root]}]', 'apiKeys[0].allow[0]: expected one of `inference`'],
    ['[{key: secret, allow: []}]', 'apiKeys[0]: allows nothing'],
    ['[{key: secret, allow: ~}]', 'apiKeys[0]: allows nothing'],
    ['[[secret]]', 'apiKeys[0]: expected a mapping'],
    ['secret', 'apiKeys: expected a list'],
  ])('%s is a mistake, and nothing shows the key', (written, message) => {
    const found = problems(`apiKeys: ${written}`)
    expect(found).toEqual([expect.stringContaining(message)])
    expect(found.join()).not.toMatch(/sec.?ret/)
  })

  test('a misspelled right is pointed out', () => {
    expect(warnings('apiKeys: [{key: a, model: [b]}]')).toEqual([
      '1:20 apiKeys[0].model: the key `model` is unknown: did you mean `models`?',
    ])
  })
})
