import { describe, expect, test } from 'vitest'
import { model, problems } from '../support/config.ts'

describe('values that are passed on as JSON (§3)', () => {
  test.each([
    ['text', '"text"'],
    ['"1"', '"1"'],
    ['null', 'null'],
    ['~', 'null'],
    ['"null"', '"null"'],
    ['True', 'true'],
    ['yes', '"yes"'],
    ['18446744073709551615', '18446744073709551615'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['1.0', '1.0'],
    ['0.10', '0.10'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['-.5e3', '-0.5e3'],
    ['5.', '5'],
    ['1E6', '1e6'],
    ['0x1F', '31'],
    ['-0x10', '-16'],
    ['0o17', '15'],
    ['010', '8'],
    ['09', '9'],
    ['0b101', '5'],
    ['1_000_000', '1000000'],
    ['0xFFFFFFFFFFFFFFFF', '18446744073709551615'],
    ['2024-05-01', '"2024-05-01"'],
    ['2024-05-01T10:00:00Z', '"2024-05-01T10:00:00Z"'],
    ['1.2.3', '"1.2.3"'],
    ['"a\\n\\u00e9"', '"a\\né"'],
    ['[]', '[]'],
    ['{}', '{}'],
    ['[1, ~, "x", {k: 1.0}]', '[1,null,"x",{"k":1.0}]'],
    ['{z: 1, a: {c: 2, b: 3}, 10: ten}', '{"10":"ten","a":{"b":3,"c":2},"z":1}'],
    ['{__proto__: 1}', '{"__proto__":1}'],
  ])('%s is %s', (written, json) => {
    expect(model(`metadata: {key: ${written}}`).metadata.get('key')).toBe(json)
  })

  test.each(['.nan', '.inf', '-.INF', '1e999'])('%s has no place in JSON, wherever it stands (§18.14)', (written) => {
    expect(problems(`models:\n  m: {cmd: x, proxy: "http://h", metadata: {a: [1, {b: ${written}}]}}`)).toEqual([
      expect.stringMatching(/^2:53 models\.m\.metadata\.a\[1\]\.b: `.*` has no place in JSON/),
    ])
  })
})
