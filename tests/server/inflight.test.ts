import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen } from '../support/events.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    { a: { cmd: upstream(), aliases: ['gpt'] }, slow: upstream('--silent-health') },
    "groups: {g: {members: [a, slow], swap: false}}\ntrustedProxies: ['127.0.0.1', '10.0.0.0/8']\n",
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

const under = () => hotseat.running.server.inflight.list()
const cancel = (id: string) => hotseat.post(`/api/inflight/${id}/cancel`, '')

async function idOf(model: string): Promise<string> {
  await until(`a request for ${model} is under way`, () => under().some((tracked) => tracked.model === model))
  return under().find((tracked) => tracked.model === model)!.id
}

test('a request is told when it comes, when its answer begins, as it grows and when it ends (server §22)', async () => {
  await using events = await listen(hotseat)
  const first = await events.find('the first snapshot', ({ type }) => type === 'inflight')
  expect(first.data).toEqual({ operation: 'snapshot' })

  const response = await hotseat.post(
    chat,
    { model: 'gpt', stream: true, chunks: 40, chunkMs: 20 },
    {
      headers: {
        'content-type': 'application/json',
        'x-session-id': 's1',
        'x-api-key': 'secret',
        cookie: 'secret',
        'x-forwarded-for': '6.6.6.6, 8.8.8.8, 10.1.2.3',
      },
    },
  )
  const length = (await response.text()).length
  const { data } = await events.find('the removal', ({ data }) => data.operation === 'remove')
  const upserts = events.all('inflight').filter((message) => message.data.operation === 'upsert')
  const [begun] = upserts
  expect(begun?.data.request).toEqual({
    id: data.id,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
    model: 'a',
    req_path: chat,
    method: 'POST',
    req_headers: expect.objectContaining({
      'X-Session-Id': 's1',
      'X-Api-Key': '[REDACTED]',
      Cookie: '[REDACTED]',
      'Content-Type': 'application/json',
    }),
    remote_ip: '8.8.8.8',
    resp_headers: {},
    resp_bytes: 0,
    elapsed_ms: expect.any(Number),
  })
  const withHead = upserts.find((message) => 'Content-Type' in message.data.request.resp_headers)
  expect(withHead?.data.request.resp_headers).toMatchObject({
    'Content-Type': 'text/event-stream',
    'X-Accel-Buffering': 'no',
  })
  const sizes = upserts.map((message) => message.data.request.resp_bytes)
  expect(sizes.at(-1)).toBeGreaterThan(0)
  expect(sizes.at(-1)).toBeLessThanOrEqual(length)
  expect(sizes.length).toBeLessThan(10)
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
})

test('what names no model, and what loads or unloads one, is none of them', async () => {
  const { changes } = hotseat.running.server.inflight
  const before = changes.count
  expect((await hotseat.post(chat, {})).status).toBe(404)
  expect((await hotseat.post('/api/models/load/a', '')).status).toBe(200)
  expect((await hotseat.post('/api/models/unload/a', '')).status).toBe(200)
  expect(changes.count).toBe(before)
})

test('what is asked under /upstream is told only when it could have been asked directly', async () => {
  await using events = await listen(hotseat)
  await hotseat.get('/upstream/a/other')
  await hotseat.post('/upstream/a/v1/completions?x=1', { model: 'whatever' })
  const { data } = await events.find('the request', ({ data }) => data.operation === 'upsert')
  expect(data.request).toMatchObject({ req_path: '/v1/completions', model: 'a', method: 'POST' })
  const ids = new Set(events.all('inflight').flatMap((message) => message.data.request?.id ?? []))
  expect(ids.size).toBe(1)
})

test('a request for a model that there is not is told as well, and one that names none is not (server §22.1)', async () => {
  await using events = await listen(hotseat)
  await events.find('the first snapshot', ({ type }) => type === 'inflight')
  await hotseat.post(chat, { messages: [] })
  await hotseat.post(chat, { model: 'nope' })
  const { data } = await events.find('its end', ({ data }) => data.operation === 'remove')
  const told = events.all('inflight').filter((message) => message.data.operation === 'upsert')
  expect(told.map((message) => message.data.request)).toEqual([
    expect.objectContaining({ id: data.id, model: 'nope', req_path: chat, method: 'POST' }),
  ])
})

test('a new client is told of what is under way', async () => {
  const response = await hotseat.post(chat, { model: 'a', stream: true, chunks: 1_000, chunkMs: 20 })
  await using events = await listen(hotseat)
  const { data } = await events.find('the snapshot', ({ type }) => type === 'inflight')
  expect(data).toMatchObject({ operation: 'snapshot', requests: [{ model: 'a', req_path: chat }] })
  await response.body?.cancel()
  await events.find('its end', ({ data }) => data.operation === 'remove')
})

test('a request that waits is cancelled: 503 `cancelled`, and nothing waits any more (W16)', async () => {
  const waiting = hotseat.post(chat, { model: 'slow' })
  const cancelled = await cancel(await idOf('slow'))
  expect([cancelled.status, await cancelled.json()]).toEqual([200, { msg: 'ok' }])
  const response = await waiting
  expect([response.status, (await readError(response)).code]).toEqual([503, 'cancelled'])
  expect(hotseat.running.server.system.ledger().swaps.flatMap(({ waiters }) => waiters)).toEqual([])
  await hotseat.post('/api/models/unload/slow', '')
})

test('a request whose answer has not begun is cancelled with an error, and the model is let go', async () => {
  const asked = hotseat.post(chat, { model: 'a', chunks: 1_000, chunkMs: 100 })
  const id = await idOf('a')
  await until('it is served', () => hotseat.leasesOf('a') === 1)
  await cancel(id)
  const response = await asked
  expect([response.status, (await readError(response)).code]).toEqual([503, 'cancelled'])
  await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
})

test('an answer under way breaks off visibly, and a stream says why', async () => {
  const response = await hotseat.post(chat, { model: 'a', stream: true, chunks: 1_000, chunkMs: 20 })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read()
  await cancel(await idOf('a'))
  let seen = ''
  const end = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      seen += value
    }
  })()
  await expect(end).rejects.toThrow()
  expect(seen).toContain('"code":"cancelled"')
  expect(seen).not.toContain('[DONE]')
  await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
})

test.each(['0', 'x', '__proto__', '999999', '%2e'])('there is nothing to cancel at %s', async (id) => {
  expect((await cancel(id)).status).toBe(404)
})
