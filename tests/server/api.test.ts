import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      a: { cmd: upstream(), aliases: ['gpt', 'org/a'], name: 'The A', concurrencyLimit: 2 },
      b: upstream('--say hello'),
      hidden: { cmd: upstream(), unlisted: true },
    },
    'bodyLimit: 1',
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

describe('bad input', () => {
  test.each([
    ['an unknown model', chat, '{"model":"nope"}', 404, 'not_found', 'nope'],
    ['an alias misspelled', chat, '{"model":"gtp"}', 404, 'not_found', 'Did you mean "gpt"?'],
    ['a model called __proto__', chat, '{"model":"__proto__"}', 404, 'not_found', '__proto__'],
    ['no model', chat, '{"messages":[]}', 404, 'not_found', 'names no model'],
    ['a model that is null', chat, '{"model":null}', 404, 'not_found', 'names no model'],
    ['broken JSON', chat, '{"model":"a" garbage', 400, 'invalid_json', 'byte 13'],
    ['cut JSON', chat, '{"model":"a","messages":[{"content":"x', 400, 'invalid_json', 'does not end'],
    ['100,000 levels of JSON that do not end', chat, '['.repeat(100_000), 400, 'invalid_json', 'too early'],
    [
      'a body over the limit',
      chat,
      JSON.stringify({ model: 'a', x: 'y'.repeat(2 ** 20) }),
      413,
      'body_too_large',
      '1 MiB',
    ],
    ['an unknown path', '/v1/nothing', '{}', 404, 'not_found', '/v1/nothing'],
    ['the wrong method', '/v1/models', '{}', 405, 'method_not_allowed', 'GET, HEAD'],
  ])('%s is a clear error', async (_what, path, body, status, code, message) => {
    const response = await hotseat.post(path, body)
    const error = await readError(response)
    expect([response.status, error.code, response.headers.get('content-type')]).toEqual([
      status,
      code,
      'application/json',
    ])
    expect(error.message).toContain(message)
  })

  test('the request after the limit is refused at once', async () => {
    const body = { model: 'a', chunks: 1, chunkMs: 400 }
    const [one, two] = [hotseat.post(chat, body), hotseat.post(chat, body)]
    await until('two are admitted', () => hotseat.leasesOf('a') === 2)
    const third = await hotseat.post(chat, body)
    expect([third.status, third.headers.get('retry-after'), (await readError(third)).code]).toEqual([
      429,
      '1',
      'concurrency_limit',
    ])
    expect([(await one).status, (await two).status]).toEqual([200, 200])
  })
})

describe('the proxied path', () => {
  test('method, path, query, headers and body reach the model as they were sent', async () => {
    const body = '{ "x" : 1.0 }'
    const response = await hotseat.post('/upstream/a/some/x%2Fy?q=1&q=2', body, {
      headers: { 'X-Mine': 'yes', connection: 'x-hop', 'x-hop': '1' },
    })
    const seen = (await response.json()) as { method: string; url: string; body: string; rawHeaders: string[] }
    expect([seen.method, seen.url, seen.body]).toEqual(['POST', '/some/x%2Fy?q=1&q=2', body])
    expect(seen.rawHeaders.join('|')).toMatch(/X-Mine\|yes/i)
    expect(seen.rawHeaders.join('|')).toMatch(/X-Forwarded-For\|127\.0\.0\.1/)
    expect(response.headers.get('x-upstream')).toBe('yes')
  })

  test('the longest name wins, and a name without a path is redirected', async () => {
    const response = await hotseat.get('/upstream/org/a?x=1', { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([301, '/upstream/org/a/?x=1'])
    expect(((await (await hotseat.get('/upstream/org/a/p')).json()) as { url: string }).url).toBe('/p')
  })

  test("the model's own error status passes", async () => {
    const response = await hotseat.get('/upstream/a/status?code=418')
    expect([response.status, await response.text()]).toEqual([418, 'as you wish'])
  })

  test.each(['?length', ''])('an answer that breaks in the middle (%s) is seen to fail', async (query) => {
    const response = await hotseat.get(`/upstream/a/half${query}`)
    await expect(response.text()).rejects.toThrow()
    await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
  })

  test('a connection that breaks before the head is a 502 with the reason', async () => {
    const response = await hotseat.get('/upstream/a/reset')
    expect([response.status, (await readError(response)).code]).toEqual([502, 'bad_gateway'])
  })

  test('a client that leaves in the middle of a stream ends it upstream', async () => {
    const leaving = new AbortController()
    const body = JSON.stringify({ model: 'a', stream: true, chunks: 1_000, chunkMs: 10 })
    const response = await hotseat.post(chat, body, { signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
  })

  test('a stream comes piece by piece, and is not to be buffered on its way', async () => {
    const response = await hotseat.post(chat, { model: 'a', stream: true, chunks: 3 })
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    expect((await response.text()).split('\n\n').filter(Boolean).length).toBe(4)
  })

  test('a client that does not read holds the model back, not the memory', async () => {
    const { port } = new URL(hotseat.url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    const body = JSON.stringify({ model: 'a', stream: true, chunks: 100_000 })
    socket.pause()
    socket.write(
      `POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await until('it is served', () => hotseat.leasesOf('a') === 1)
    expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
    socket.destroy()
    await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
  })

  test('multipart, form and query name the model too, and JSON need not be labelled', async () => {
    const form = new FormData()
    form.set('model', 'nope')
    const multipart = await fetch(`${hotseat.url}/v1/audio/transcriptions`, { method: 'POST', body: form })
    const encoded = await fetch(`${hotseat.url}/completion`, {
      method: 'POST',
      body: new URLSearchParams({ model: 'nope' }),
    })
    const query = await hotseat.get('/props?model=nope')
    const unlabelled = await hotseat.post('/completion', '{"model":"nope"}', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    for (const response of [multipart, encoded, query, unlabelled]) {
      expect((await readError(response)).message).toContain('There is no model "nope"')
    }
  })
})

describe('listing and control', () => {
  test('the list has what is listed, with its state', async () => {
    await hotseat.post(chat, { model: 'gpt' })
    const { data } = (await (await hotseat.get('/v1/models')).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(data[0]).toMatchObject({ name: 'The A', owned_by: 'hotseat', status: { value: 'loaded', state: 'ready' } })
    expect(data[0]).toMatchObject({ meta: { llamaswap: { type: 'model', aliases: ['gpt', 'org/a'] } } })
  })

  test('what runs is listed, and unloaded by id, by alias and all together', async () => {
    const running = async () =>
      ((await (await hotseat.get('/running')).json()) as { running: { model: string }[] }).running
    await hotseat.post(chat, { model: 'a' })
    expect((await running()).map(({ model }) => model)).toEqual(['a'])
    expect(await (await hotseat.post('/api/models/unload/org%2Fa', '')).text()).toBe('OK')
    expect(await running()).toEqual([])
    await hotseat.post(chat, { model: 'a' })
    expect(await (await hotseat.get('/unload')).text()).toBe('OK')
    expect(await (await hotseat.post('/api/models/unload', '')).json()).toEqual({ msg: 'ok' })
    expect((await hotseat.post('/api/models/unload/nope', '')).status).toBe(404)
  })

  test('the logs tell what happened, and go on live', async () => {
    const stream = await hotseat.get('/logs/stream/b')
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    await hotseat.post(chat, { model: 'b' })
    let seen = ''
    while (!seen.includes('hello')) seen += (await reader.read()).value ?? ''
    await reader.cancel()
    expect(await (await hotseat.get('/logs')).text()).toContain(`"POST ${chat} HTTP/1.1" 200`)
    expect((await hotseat.get('/logs/stream/nope')).status).toBe(400)
  })

  test('health is OK', async () => {
    expect(await (await hotseat.get('/health')).text()).toBe('OK')
  })
})

test('a slow reader of a log loses lines and stops nobody', async () => {
  await using loud = await startHotseat({ loud: upstream('--stderr-mb 20 --listen-after-ms 0') })
  const { port } = new URL(loud.url)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write('GET /logs/stream/loud HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect((await loud.post(chat, { model: 'loud' })).status).toBe(200)
  socket.resume()
  await loud.post('/api/models/unload', '')
  setImmediate(() => socket.end())
  expect((await text(socket)).length).toBeLessThan(20 * 2 ** 20)
})
