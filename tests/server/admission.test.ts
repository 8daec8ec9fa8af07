import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

/* Who is admitted, and who holds up whom (server §13). */

let hotseat: Hotseat
const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
const released = join(folder, 'released')
const stopsWhenReleased = `sh -c "until [ -e ${released} ]; do sleep 0.05; done; kill -KILL \${PID}"`
const long = `long/${'x'.repeat(150)}`

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      one: { cmd: upstream(), concurrencyLimit: 1, sendLoadingState: true },
      mute: { cmd: upstream('--silent-health'), concurrencyLimit: 1, sendLoadingState: true },
      slow: { cmd: upstream('--load-ms 300'), concurrencyLimit: 1 },
      tenacious: { cmd: upstream(), cmdStop: stopsWhenReleased, unloadTimeout: 60 },
      cut: upstream(),
      [long]: { cmd: upstream('--load-ms 300'), sendLoadingState: true },
    },
    `groups: {all: {members: [one, mute, slow, tenacious, cut, "${long}"], swap: false}}`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const requestsOf = (model: string) => {
  const { models, swaps } = hotseat.running.server.system.ledger()
  const leases = models.filter(({ settings }) => settings.id === model).flatMap((record) => record.leases)
  return leases.length + swaps.filter(({ target }) => target === model).flatMap(({ waiters }) => waiters).length
}

/** Begins a request and leaves it when told to. */
function begin(model: string, fields: object): { leave(): void; ended: Promise<unknown> } {
  const leaving = new AbortController()
  const headers = { 'content-type': 'application/json' }
  const asked = hotseat.post(chat, { model, ...fields }, { headers, signal: leaving.signal })
  return { leave: () => leaving.abort(), ended: asked.then((response) => response.text()).catch(() => {}) }
}

describe('the limit of a model', () => {
  test('counts who waits, is told before any stream begins, as JSON whatever is accepted', async () => {
    const waiting = begin('mute', {})
    await until('it waits', () => requestsOf('mute') === 1)
    for (const accept of ['application/json', 'text/plain', 'text/html']) {
      const headers = { 'content-type': 'application/json', accept }
      const refused = await hotseat.post(chat, { model: 'mute', stream: true }, { headers })
      expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('content-type')]).toEqual([
        429,
        '1',
        'application/json',
      ])
      expect(await readError(refused)).toMatchObject({ type: 'rate_limit_error', code: 'concurrency_limit' })
    }
    expect((await hotseat.get('/upstream/mute/anything')).status).toBe(429)
    waiting.leave()
    await until('its place is free', () => requestsOf('mute') === 0)
    const next = begin('mute', {})
    await until('the next one is admitted', () => requestsOf('mute') === 1)
    next.leave()
    await next.ended
  })

  test('counts what is asked under /upstream', async () => {
    const asked = hotseat.post('/upstream/one/v1/completions', { chunks: 1, chunkMs: 400 })
    await until('it is served', () => hotseat.leasesOf('one') === 1)
    expect((await hotseat.post(chat, { model: 'one' })).status).toBe(429)
    expect((await asked).status).toBe(200)
    expect((await hotseat.post(chat, { model: 'one' })).status).toBe(200)
  })
})

test('a load that nobody waits for any more goes on, and its model is there for the next one', async () => {
  const waiting = begin('slow', {})
  await until('it waits', () => requestsOf('slow') === 1)
  waiting.leave()
  await until('nobody waits', () => requestsOf('slow') === 0)
  expect(hotseat.stateOf('slow')).toBe('starting')
  await until('it is ready', () => hotseat.stateOf('slow') === 'ready')
  const response = await hotseat.post('/completion', { model: 'slow' })
  expect([response.status, response.headers.get('x-hotseat-load-ms')]).toEqual([200, '0'])
})

test('while a model is unloaded that takes its time, the others answer and load (W17)', async () => {
  for (const model of ['tenacious', 'one']) await (await hotseat.post(chat, { model })).text()
  await hotseat.post('/api/models/unload/slow', {})
  const unloaded = hotseat.post('/api/models/unload/tenacious', {})
  await until('it stops', () => hotseat.stateOf('tenacious') === 'stopping')
  expect((await hotseat.post(chat, { model: 'one' })).status).toBe(200)
  expect((await hotseat.post(chat, { model: 'slow' })).status).toBe(200)

  expect(hotseat.stateOf('tenacious')).toBe('stopping')
  const { running } = (await (await hotseat.get('/running')).json()) as { running: { model: string; state: string }[] }
  const states = running.filter(({ model }) => model !== 'mute').map(({ model, state }) => `${model} ${state}`)
  expect(states).toEqual(['one ready', 'slow ready', 'tenacious stopping'])
  writeFileSync(released, '')
  expect((await unloaded).status).toBe(200)
  expect(hotseat.stateOf('tenacious')).toBe('stopped')
})

test('a client that hears of a load, and reads nothing of it, holds up nobody (W18)', async () => {
  const response = await hotseat.post(chat, { model: long, stream: true })
  expect((await hotseat.post(chat, { model: 'one' })).status).toBe(200)
  const text = await response.text()
  expect(text).toContain(`hotseat loading model: ${long}`)
  expect(text).toContain('[DONE]')
})

test('what a model answers is cut when it is unloaded, and what has not begun is an error (server §19.6)', async () => {
  const whole = hotseat.post(chat, { model: 'cut', chunks: 1_000, chunkMs: 20 })
  const stream = await hotseat.post(chat, { model: 'cut', stream: true, chunks: 1_000, chunkMs: 20 })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  // By then a process that ends is not taken for one that had ended before.
  while (!seen.includes('"content":"9 "')) seen += (await reader.read()).value ?? ''
  expect(hotseat.leasesOf('cut')).toBe(2)
  const unloaded = hotseat.post('/api/models/unload/cut', {})
  const rest = (async () => {
    while (!(await reader.read()).done);
  })()
  await expect(rest).rejects.toThrow()
  expect([(await whole).status, (await readError(await whole)).code]).toEqual([502, 'bad_gateway'])
  expect(await (await unloaded).text()).toBe('OK')
  expect([hotseat.stateOf('cut'), hotseat.leasesOf('cut')]).toEqual(['stopped', 0])
})
