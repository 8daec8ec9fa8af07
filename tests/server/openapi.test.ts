import { Validator } from '@seriousme/openapi-schema-validator'
import { safeParse } from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../server/routes/all.ts'
import { apiPage } from '../support/api-page.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    { a: { cmd: upstream(), aliases: ['b'], capabilities: { in: ['text'], out: ['text'], tools: true, context: 5 } } },
    'profiles: {p: {pins: {x: a}}}\n',
  )
  await hotseat.post(chat, { model: 'a' })
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

interface Operation {
  readonly summary: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly security: readonly object[]
  readonly responses: Readonly<Record<string, unknown>>
}

test('docs/api.md is what the table of routes says (npm run api-docs)', async () => {
  await expect(apiPage(routes)).toMatchFileSnapshot('../../docs/api.md')
})

test('the OpenAPI document has every route, its parameters and who may call it', async () => {
  const document = (await (await hotseat.get('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, Operation>>
  }
  expect(document.openapi).toBe('3.1.0')
  for (const { method, path, access, summary } of routes) {
    const operations = document.paths[path.replace('...}', '}')]
    const operation = operations?.[method === 'ANY' ? 'delete' : method.toLowerCase()]
    expect([path, operation?.summary]).toEqual([path, summary])
    expect(operation?.security.length === 0).toBe(access === 'open')
  }
  expect(document.paths['/v1/models/{model}']?.get?.parameters).toMatchObject([{ name: 'model', in: 'path' }])
  expect(document.paths['/v1/messages']?.post?.responses).toHaveProperty('default')
})

test('the OpenAPI document is valid, and each place in a path is a parameter', async () => {
  const document = (await (await hotseat.get('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  for (const [path, operations] of Object.entries(document.paths)) {
    const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const { parameters = [] } of Object.values(operations)) {
      expect([path, ...parameters.filter(({ in: at }) => at === 'path').map(({ name }) => name)]).toEqual([
        path,
        ...places,
      ])
    }
  }
})

test('no path is there twice with the same method', () => {
  const keys = routes.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(keys).size).toBe(keys.length)
})

test('what is answered is what the table promises', async () => {
  const promised = routes.flatMap(({ method, path, answer }) =>
    answer.type === 'json' ? [{ method, path, answer }] : [],
  )
  const others = { PUT: '{"name":"p"}', POST: '{"model":"a","input":"x","prompt":"x"}' }
  let checked = 0
  for (const { method, path, answer } of promised) {
    if (path.includes('{id}')) continue
    const url = hotseat.url + path.replace('{model...}', 'a')
    const response = await fetch(url, method === 'PUT' || method === 'POST' ? { method, body: others[method] } : {})
    const { success, issues } = safeParse(answer.schema, await response.json())
    expect([path, response.status, success, issues?.[0]?.message]).toEqual([path, 200, true, undefined])
    checked++
  }
  expect(checked).toBeGreaterThan(10)
})
