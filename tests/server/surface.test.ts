import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'

/* Every route of the reference (server §3): its methods, whether it asks for a key, and where it leads. */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    { a: upstream(), comfyui_auto: upstream() },
    'apiKeys: [key]\nprofiles: {p: {pins: {x: a}}}\ngroups: {all: {swap: false, members: [a, comfyui_auto]}}',
  )
})

afterAll(() => hotseat[Symbol.asyncDispose]())

const key = { authorization: 'Bearer key' }

function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> {
  const given = body === undefined ? headers : { 'content-type': 'application/json', ...headers }
  return fetch(hotseat.url + path, { method, headers: given, redirect: 'manual', ...(body !== undefined && { body }) })
}

async function statusOf(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const leaving = new AbortController()
  const response = await fetch(hotseat.url + path, { method, headers, redirect: 'manual', signal: leaving.signal })
  leaving.abort()
  return response.status
}

describe('what is asked of a model', () => {
  test.each([
    ...['/v1/chat/completions', '/v1/responses', '/v1/completions', '/v1/messages', '/v1/messages/count_tokens'],
    ...['/v1/embeddings', '/v1/rerank', '/v1/reranking', '/rerank', '/reranking', '/infill', '/completion'],
    ...['/v1/audio/speech', '/v1/audio/voices', '/v1/audio/transcriptions'],
    ...['/v1/images/generations', '/v1/images/edits', '/sdapi/v1/txt2img', '/sdapi/v1/img2img'],
  ])('POST %s reaches the model that the body names, under the same path', async (path) => {
    const response = await send('POST', `${path}?q=1`, key, '{"model":"a","input":"x"}')
    expect([response.status, response.headers.get('x-asked')]).toEqual([200, `${path}?q=1`])
    expect((await send('POST', path, {}, '{"model":"a"}')).status).toBe(401)
    expect((await send('PUT', path, key, '{"model":"a","input":"x"}')).status).toBe(405)
  })

  test.each([
    ['/audioapi/v1/tasks/run', '/v1/tasks/run'],
    ['/v/chat/completions', '/chat/completions'],
    ['/v/responses', '/responses'],
    ['/v/completions', '/completions'],
    ['/v/messages', '/messages'],
    ['/v/messages/count_tokens', '/messages/count_tokens'],
    ['/v/embeddings', '/embeddings'],
    ['/v/rerank', '/rerank'],
    ['/v/reranking', '/reranking'],
  ])('POST %s reaches it under %s', async (path, there) => {
    const response = await send('POST', path, key, '{"model":"a","input":"x"}')
    expect([response.status, response.headers.get('x-asked')]).toEqual([200, there])
    expect((await send('POST', path, {}, '{"model":"a"}')).status).toBe(401)
  })

  test.each(['/sdapi/v1/loras', '/props', '/v1/audio/voices'])(
    'GET %s reaches the model that the query names, and HEAD as HEAD',
    async (path) => {
      const query = `${path}?b=2&model=a&a=1`
      const get = await send('GET', query, key)
      expect([get.status, get.headers.get('x-asked')]).toEqual([200, query])
      const head = await send('HEAD', query, key)
      expect([head.status, head.headers.get('x-asked'), await head.text()]).toEqual([200, query, ''])
      expect((await send('GET', query)).status).toBe(401)
      expect((await send('GET', path, key)).status).toBe(404)
    },
  )

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s is passed on under /upstream and /comfyui',
    async (method) => {
      for (const path of ['/upstream/a/any/thing', '/comfyui/']) {
        expect([path, (await send(method, path, key)).headers.get('x-asked')]).toEqual([
          path,
          path === '/comfyui/' ? '/' : '/any/thing',
        ])
        expect([path, (await send(method, path)).status]).toEqual([path, 401])
      }
    },
  )
})

describe('what is asked of hotseat', () => {
  test.each([
    ['GET', '/v1/models', 200],
    ['GET', '/models', 200],
    ['GET', '/running', 200],
    ['GET', '/logs', 200],
    ['GET', '/logs/stream', 200],
    ['GET', '/logs/stream/a', 200],
    ['GET', '/unload', 200],
    ['POST', '/api/models/unload', 200],
    ['POST', '/api/models/unload/a', 200],
    ['GET', '/api/profiles', 200],
    ['PUT', '/api/profiles/active', 400],
    ['POST', '/api/inflight/0/cancel', 404],
    ['GET', '/api/events', 200],
    ['GET', '/api/version', 200],
    ['GET', '/ui/', 200],
    ['GET', '/comfyui', 301],
  ])('%s %s needs a key', async (method, path, status) => {
    expect([await statusOf(method, path), await statusOf(method, path, key)]).toEqual([401, status])
  })

  test.each([
    ['GET', '/upstream', 302],
    ['GET', '/ui', 307],
    ['GET', '/favicon.ico', 200],
    ['GET', '/health', 200],
    ['GET', '/wol-health', 200],
    ['GET', '/', 302],
    ['OPTIONS', '/v1/chat/completions', 204],
  ])('%s %s needs none', async (method, path, status) => {
    expect(await statusOf(method, path)).toBe(status)
  })

  test.each(['/v1/chat', '/slots', '/tokenize', '/apply-template', '/lora-adapters', '/v/models', '/v1/tasks/run'])(
    '%s is for /upstream only',
    async (path) => {
      for (const method of ['GET', 'POST']) {
        const response = await send(method, path)
        expect([response.status, (await readError(response)).code]).toEqual([404, 'not_found'])
      }
    },
  )
})

test('who may not ask learns nothing of what is wrong with the request', async () => {
  for (const body of ['{', '{"model":"nope"}', '{}']) {
    expect((await send('POST', '/v1/chat/completions', {}, body)).status).toBe(401)
  }
})
