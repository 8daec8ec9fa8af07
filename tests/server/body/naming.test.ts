import { describe, expect, test } from 'vitest'
import { type Whole, whole } from '../../../server/body/body.ts'
import { type Content, readNaming, rename } from '../../../server/body/naming.ts'
import { ApiError } from '../../../server/errors.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data; boundary=XX'

function content(body: string, type?: string, query = ''): Content<Whole> {
  return { body: whole(body === '' ? [] : [Buffer.from(body)]), type, query }
}

function part(name: string, value: string): string {
  return `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

describe('where a request names its model (server §6)', () => {
  test.each<[string, Content<Whole>, string | undefined, boolean]>([
    ['JSON', content('{"model":"m","stream":true}', json), 'm', true],
    ['the first key counts', content('{"model":"m","model":"n"}', json), 'm', false],
    ['an escaped name', content('{"model":"a\\u0062"}', json), 'ab', false],
    ['a number', content('{"model":123}', json), '123', false],
    ['null', content('{"model":null}', json), undefined, false],
    ['an empty name', content('{"model":""}', json), undefined, false],
    ['a list', content('{"model":["m"]}', json), '["m"]', false],
    ['a root that is a list', content('[{"model":"m"}]', json), undefined, false],
    ['a nested key', content('{"x":{"model":"m"}}', json), undefined, false],
    ['the query is not asked', content('{}', json, 'model=m'), undefined, false],
    ['media types in any case', content('{"model":"m"}', 'Application/JSON; charset=utf-8'), 'm', false],
    ['a suffix', content('{"model":"m"}', 'application/vnd.api+json'), 'm', false],
    ['unlabelled JSON', content('{"model":"m"}'), 'm', false],
    ['JSON labelled as a form', content('{"model":"m"}', form), 'm', false],
    ['stream by number', content('{"model":"m","stream":1}', json), 'm', true],
    ['stream by zero', content('{"model":"m","stream":0}', json), 'm', false],
    ['stream by text', content('{"model":"m","stream":"true"}', json), 'm', true],
    ['stream by other text', content('{"model":"m","stream":"yes"}', json), 'm', false],
    ['no body', content('', json), undefined, false],
    ['a form', content('a=1&model=m%2F1&stream=true', form), 'm/1', true],
    ['a form and its query', content('a=1', form, 'model=m'), 'm', false],
    ['multipart', content(`${part('model', 'm')}${part('stream', 'true')}--XX--`, multipart), 'm', true],
    ['the query of multipart', content(`${part('model', 'm')}--XX--`, multipart, 'model=n'), 'n', false],
    ['any other type: the query', content('text', 'text/plain', 'model=m'), 'm', false],
    ['no type: the query', content('', undefined, 'model=m&stream=true'), 'm', true],
  ])('%s', (_what, given, model, stream) => {
    const naming = readNaming(given)
    expect([naming.model, naming.stream]).toEqual([model, stream])
  })

  test.each([
    ['broken JSON', content('{"model":"m"', json)],
    ['text behind JSON', content('{"model":"m"} garbage', json)],
    ['a broken form', content('--XX', multipart)],
  ])('%s is 400', (_what, given) => {
    expect(() => readNaming(given)).toThrow(ApiError)
  })
})

describe('a request that is renamed keeps every other byte (server §7.6)', () => {
  const renamed = (given: Content<Whole>, model: string) => {
    const { body, query } = rename(given, readNaming(given), model)
    return [body.pieces.join(''), query]
  }

  test.each<[string, Content<Whole>, string, string]>([
    ['JSON', content('{ "n":1.0, "model" : "m" ,"model":2}', json), '{ "n":1.0, "model" : "x\\"/y" ,"model":2}', ''],
    ['a form', content('a=%20&model=m&b', form), 'a=%20&model=x%22%2Fy&b', ''],
    ['the query of a form', content('a=1', form, 'b&model=m'), 'a=1', 'b&model=x%22%2Fy'],
    ['a query', content('', undefined, 'model=m&b=2&a=1'), '', 'model=x%22%2Fy&b=2&a=1'],
    [
      'multipart',
      content(`${part('file', 'F')}${part('model', 'm')}--XX--`, multipart),
      `${part('file', 'F')}${part('model', 'x"/y')}--XX--`,
      '',
    ],
  ])('%s', (_what, given, body, query) => {
    expect(renamed(given, 'x"/y')).toEqual([body, query])
  })
})
