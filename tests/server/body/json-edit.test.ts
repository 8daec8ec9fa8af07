import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonPath, setJson, stripJson } from '../../../server/body/json-edit.ts'

const set = (text: string, path: JsonPath, json: string) => setJson(Buffer.from(text), path, json).toString()
const strip = (text: string, path: JsonPath) => stripJson(Buffer.from(text), path).toString()

describe('a value that is set (server §8.1 to §8.3)', () => {
  test.each<[string, JsonPath, string, string]>([
    ['{"a":1}', ['a'], '2', '{"a":2}'],
    ['{ "a" : 1.0 , "b":2 }', ['b'], '"x"', '{ "a" : 1.0 , "b":"x" }'],
    ['{"a":1}', ['b'], '2', '{"a":1,"b":2}'],
    ['{"a":1 }', ['b'], '2', '{"a":1,"b":2 }'],
    ['{}', ['b'], '2', '{"b":2}'],
    ['{"a":{"x":1}}', ['a', 'b'], '2', '{"a":{"x":1,"b":2}}'],
    ['{}', ['new', 'deep', 'key'], '{"k":[1]}', '{"new":{"deep":{"key":{"k":[1]}}}}'],
    ['{"a":5}', ['a', 'b'], '1', '{"a":{"b":1}}'],
    ['{"a":[1,2,3]}', ['a', 1], '9', '{"a":[1,9,3]}'],
    ['{"a":[1]}', ['a', 3], '9', '{"a":[1,null,null,9]}'],
    ['{"a":[1]}', ['a', -1], '9', '{"a":[1,9]}'],
    ['{"a":[]}', ['a', -1], '9', '{"a":[9]}'],
    ['{"a":{"0":1}}', ['a', 0], '9', '{"a":{"0":9}}'],
    ['{"a":1,"a":2}', ['a'], '9', '{"a":9,"a":2}'],
    ['{"big":12345678901234567890,"a":1}', ['a'], '2', '{"big":12345678901234567890,"a":2}'],
    ['{"\\u0061":1}', ['a'], '2', '{"\\u0061":2}'],
    ['{"s":"}],\\"","a":[{"b":"]"}]}', ['a', 0, 'b'], '7', '{"s":"}],\\"","a":[{"b":7}]}'],
  ])('%s at %j', (text, path, json, expected) => {
    expect(set(text, path, json)).toBe(expected)
  })
})

describe('a value that is removed (server §8.3)', () => {
  test.each<[string, JsonPath, string]>([
    ['{"a":1}', ['a'], '{}'],
    ['{"a":1,"b":2}', ['a'], '{"b":2}'],
    ['{"a":1,"b":2,"c":3}', ['b'], '{"a":1,"c":3}'],
    ['{"a":1, "b":2}', ['b'], '{"a":1}'],
    ['{"a":{"b":1}}', ['a', 'b'], '{"a":{}}'],
    ['{"a":[1,2,3]}', ['a', 0], '{"a":[2,3]}'],
    ['{"a":[1,2,3]}', ['a', -1], '{"a":[1,2]}'],
    ['{"a":1}', ['x', 'y'], '{"a":1}'],
    ['{"a":1}', ['a', 'y'], '{"a":1}'],
    ['[1]', ['a'], '[1]'],
  ])('%s at %j', (text, path, expected) => {
    expect(strip(text, path)).toBe(expected)
  })
})

test('what was set is there, what was stripped is not, and the rest is what it was', () => {
  const bodies = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
  fc.assert(
    fc.property(bodies, fc.string(), fc.jsonValue(), fc.constantFrom(undefined, 2), (body, key, value, indent) => {
      const text = JSON.stringify(body, null, indent)
      const expected = new Map(Object.entries(JSON.parse(text) as object))
      const after = (edited: string) => new Map(Object.entries(JSON.parse(edited) as object))
      expected.set(key, JSON.parse(JSON.stringify(value)))
      expect(after(set(text, [key], JSON.stringify(value)))).toEqual(expected)
      expected.delete(key)
      expect(after(strip(text, [key]))).toEqual(expected)
    }),
  )
})
