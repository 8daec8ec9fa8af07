import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonSyntaxError } from '../../../server/body/json.ts'
import { JsonScanner } from '../../../server/body/json-scanner.ts'
import { cut, places } from '../../support/pieces.ts'

const keys = ['model', 'stream']

/** What a scanner makes of the pieces: the values that it found as they are written, or its complaint. */
function read(pieces: readonly Buffer[]): Record<string, string> | string {
  const scanner = new JsonScanner(keys)
  try {
    for (const piece of pieces) scanner.push(piece)
    scanner.end()
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message
    throw error
  }
  const whole = Buffer.concat(pieces)
  return Object.fromEntries(
    [...scanner.found].map(([key, { start, end }]) => [key, whole.toString('utf8', start, end)]),
  )
}

/** A text, and some of its characters replaced by others. */
function damaged(texts: fc.Arbitrary<string>, signs: string): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ...signs))
  return fc.tuple(texts, fc.array(change, { maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((before, [place, count, sign]) => {
      const at = place % (before.length + 1)
      return before.slice(0, at) + sign + before.slice(at + count)
    }, text),
  )
}

const key = fc.oneof(fc.constantFrom(...keys, 'm\\u006fdel', 'model\\"'), fc.stringMatching(/^[a-zé]{0,8}$/))
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie('plain'), tie('list'), tie('object')),
  plain: fc.oneof(
    fc.json({ maxDepth: 0 }),
    fc.constantFrom('"\\\\"', '"\\"}"', '"é€😀"', '-0.5e+10', 'true', `"${'x'.repeat(80)}\\\\\\""`),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 5 })
    .map((members) => `{ ${members.map(([name, item]) => `"${name}" : ${item}`).join(',\n')} }`),
})) as { value: fc.Arbitrary<string> }

test('wherever a text is cut, the same is found or complained of at the same byte', () => {
  fc.assert(
    fc.property(damaged(value, '{}[],:"\\ tn1-.'), places, (text, at) => {
      const whole = Buffer.from(text)
      expect(read(cut(whole, at))).toEqual(read([whole]))
    }),
    { numRuns: 500 },
  )
})

test('what is JSON is accepted, and what is not is refused unless the fault is within a string', () => {
  fc.assert(
    fc.property(damaged(value, '{}[],: 1-.'), (text) => {
      const isRefused = typeof read([Buffer.from(text)]) === 'string'
      if (!isRefused && text !== '' && !text.includes('"')) JSON.parse(text)
      if (isRefused) expect(() => JSON.parse(text)).toThrow()
    }),
    { numRuns: 500 },
  )
})

test('the values of the outermost object are found, the first of each name', () => {
  const members = fc.array(fc.tuple(fc.constantFrom(...keys, 'other'), fc.jsonValue()), { maxLength: 6 })
  fc.assert(
    fc.property(members, (list) => {
      const written = list.map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`)
      const expected = new Map([...list].reverse().filter(([name]) => keys.includes(name)))
      const found = read([Buffer.from(`{${written.join()}}`)]) as Record<string, string>
      expect(new Map(Object.entries(found).map(([name, item]) => [name, JSON.parse(item)]))).toEqual(
        new Map([...expected].map(([name, item]) => [name, JSON.parse(JSON.stringify(item))])),
      )
    }),
  )
})

describe('a text is complained of', () => {
  test.each([
    [' ', 'the text ends too early at byte 1'],
    ['{"model":"m"', 'the text ends too early at byte 12'],
    ['{"model":"m"} x', 'unexpected "x" at byte 14'],
    ['{"model":"m', 'a string does not end at byte 9'],
    ['{"model" "m"}', 'unexpected "\\"" at byte 9'],
    ['{"model":m}', 'unexpected "m" at byte 9'],
    ['{"model":01}', 'unexpected "0" at byte 9'],
    ['{"a":[1,]}', 'unexpected "]" at byte 8'],
    ['{"a":[1}', 'unexpected "}" at byte 7'],
    ['{model:1}', 'unexpected "m" at byte 1'],
    ['{"mod\\xel":1}', 'a key has a bad escape at byte 1'],
    [`[${'1'.repeat(5_000)}]`, 'a literal is too long at byte 1'],
  ])('%s', (text, complaint) => {
    expect(read([Buffer.from(text)])).toBe(complaint)
  })

  test('as soon as it cannot become JSON any more, however much is still to come', () => {
    const scanner = new JsonScanner(keys)
    scanner.push(Buffer.from('{"model":"m"'))
    expect(() => scanner.push(Buffer.from(']'))).toThrow('unexpected "]" at byte 12')
  })
})

test('a key that is too long to be one that is looked for is passed over, whole or cut', () => {
  const text = Buffer.from(`{"${'k'.repeat(10_000)}":1,"model":"m"}`)
  expect(read([text])).toEqual({ model: '"m"' })
  expect(read(cut(text, [3, 5_000, 9_000]))).toEqual({ model: '"m"' })
})

test('a million levels deep is a text like any other', () => {
  const deep = `${'['.repeat(500_000)}${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}${']'.repeat(500_000)}`
  expect(read([Buffer.from(`{"deep":${deep},"model":"m"}`)])).toEqual({ model: '"m"' })
  expect(read([Buffer.from(`{"deep":${deep}]`)])).toContain('unexpected "]"')
})
