import { describe, expect, test } from 'vitest'
import { type Whole, whole } from '../../../server/body/body.ts'
import { rewrite } from '../../../server/body/filter.ts'
import { type Content, readNaming } from '../../../server/body/naming.ts'
import { ApiError } from '../../../server/errors.ts'
import { model } from '../../support/config.ts'

const json = 'application/json'
const multipart = 'multipart/form-data; boundary=XX'

function rewritten(fields: object, content: Content<Whole>, name: string): string {
  const { useModelName, filters } = model(JSON.stringify(fields).slice(1, -1))
  return rewrite(content, readNaming(content), { model: useModelName, filters, name }).body.pieces.join('')
}

function content(body: string, type: string | undefined = json): Content<Whole> {
  return { body: whole([Buffer.from(body)]), type, query: '' }
}

describe('the body of a request as its model reads it (server §8)', () => {
  test('is renamed, stripped and set, in this order, and keeps every other byte', () => {
    const filters = {
      stripParams: 'temperature, top_p, model',
      setParams: { zz: 1, aa: 'x', obj: { b: 1, a: [1, 2] }, model: 'never' },
      setParamsByID: { 'm2:high': { aa: 'hi', effort: 'high' } },
    }
    const body = '{"model":"m2:high","temperature":1,"top_p":2,"keep":3}'
    expect(rewritten({ useModelName: 'real/m2', filters }, content(body), 'm2:high')).toBe(
      '{"model":"real/m2","keep":3,"aa":"hi","obj":{"a":[1,2],"b":1},"zz":1,"effort":"high"}',
    )
    expect(rewritten({ filters }, content('{ "model" : "m" , "n":12345678901234567890 }'), 'm')).toBe(
      '{ "model" : "m" , "n":12345678901234567890,"aa":"x","obj":{"a":[1,2],"b":1},"zz":1 }',
    )
  })

  test('has parameters within others set and removed', () => {
    const filters = { stripParams: 'a.b, chat.x\\.y', setParams: { 'new.deep.key': true } }
    const body = '{"model":"m","a":{"b":1,"c":2},"chat":{"x.y":1}}'
    expect(rewritten({ filters }, content(body), 'm')).toBe(
      '{"model":"m","a":{"c":2},"chat":{},"new":{"deep":{"key":true}}}',
    )
  })

  test('is untouched when nothing is to be changed, and when it is no JSON', () => {
    const odd = '{ "model":"m" ,"x":1.0,"x":2 }'
    expect(rewritten({}, content(odd), 'm')).toBe(odd)
    expect(
      rewritten({ filters: { setParams: { a: 1 } } }, { body: whole([]), type: undefined, query: 'model=m' }, 'm'),
    ).toBe('')
  })

  test('is a form that is only renamed', () => {
    const form = (name: string) => `--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\n${name}\r\n--XX--`
    const fields = { useModelName: 'real', filters: { setParams: { a: 1 } } }
    expect(rewritten(fields, content(form('m'), multipart), 'm')).toBe(form('real'))
  })

  test('must be an object when parameters are to stand in it', () => {
    expect(() => rewritten({ filters: { setParams: { a: 1 } } }, content('[1]'), 'm')).toThrow(ApiError)
  })
})
