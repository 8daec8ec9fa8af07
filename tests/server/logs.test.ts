import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogTimeFormat } from '../../config/logging.ts'
import { Log } from '../../server/logs/log.ts'
import { Seldom } from '../../server/logs/seldom.ts'
import { formatTime } from '../../server/logs/time.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { ask } from '../support/raw.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat
const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
const goOn = join(folder, 'go-on')
const countsInHalves = `seq -f "line %g" 1000; until [ -e ${goOn} ]; do sleep 0.05; done; seq -f "line %g" 1001 2000`

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      a: { cmd: upstream('--say hello --load-ms 50'), aliases: ['org/a'] },
      bad: upstream('--exit-code 1'),
      silent: { cmd: upstream(), env: ['SECRET=hidden-away'] },
      counts: { cmd: `sh -c '${countsInHalves}; exec ${upstream()}'` },
    },
    `
logLevel: debug
logTimeFormat: rfc3339
trustedProxies: [127.0.0.0/8]
peers: {far: {proxy: "http://127.0.0.1:9", models: [x]}}
groups: {all: {members: [a, bad, silent, counts], swap: false}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const proxyLog = () => hotseat.running.server.logs.proxy.history().toString()

/** Reads a stream until it has said so. */
async function read(path: string, what: string): Promise<{ response: Response; seen: string }> {
  const response = await hotseat.get(path)
  let seen = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    seen += chunk
    if (seen.includes(what)) break
  }
  return { response, seen }
}

describe('the streams (server §20)', () => {
  test('history comes first, then what follows; or only that', async () => {
    await hotseat.post(chat, { model: 'a' })
    const { response, seen } = await read('/logs/stream/a', 'hello')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect([response.headers.get('x-accel-buffering'), response.headers.get('x-content-type-options')]).toEqual([
      'no',
      'nosniff',
    ])
    expect(seen).toBe('hello\n')

    const live = read('/logs/stream/proxy?no-history', 'GET /marked')
    await until('somebody follows', async () => {
      await hotseat.get('/marked')
      return true
    })
    expect((await live).seen).not.toContain('Swap')
  })

  test.each([
    ['/logs/stream', 'Request'],
    ['/logs/stream/', 'Request'],
    ['/logs/stream/proxy', 'Request'],
    ['/logs/stream/upstream', 'hello'],
    ['/logs/stream/org/a', 'hello'],
    ['/logs/stream/org%2Fa/anything', 'hello'],
  ])('%s', async (path, what) => {
    await hotseat.post(chat, { model: 'a' })
    expect((await read(path, what)).response.status).toBe(200)
  })

  test('a stream has its head before there is anything to say (W26)', async () => {
    for (const path of [
      '/logs/stream/silent',
      '/logs/stream/silent?no-history',
      '/logs/stream/upstream?no-history=0',
    ]) {
      const response = await hotseat.get(path)
      expect([path, response.status]).toEqual([path, 200])
      await response.body?.cancel()
    }
  })

  test('whoever comes in the middle of an output gets every byte of it, once (W27)', async () => {
    const asked = hotseat.post(chat, { model: 'counts' })
    await until('one half is there', () => hotseat.running.server.logs.upstream.history().includes('line 1000\n'))
    const readers = Array.from({ length: 5 }, () => read('/logs/stream/counts', 'line 2000\n'))
    writeFileSync(goOn, '')
    readers.push(...Array.from({ length: 5 }, () => read('/logs/stream/counts', 'line 2000\n')))
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index + 1}\n`).join('')
    for (const { seen } of await Promise.all(readers)) expect(seen.startsWith(lines)).toBe(true)
    expect((await asked).status).toBe(200)
  })

  test.each(['/logs/stream/nope', '/logs/stream/proxy/x', '/logs/stream/far/x'])('%s is no log', async (path) => {
    const response = await hotseat.get(path)
    expect([response.status, (await readError(response)).code]).toEqual([400, 'bad_request'])
  })

  test('a browser is sent to the web page, everyone else gets the text', async () => {
    const page = await hotseat.get('/logs', { headers: { accept: 'text/html,*/*' }, redirect: 'manual' })
    expect([page.status, page.headers.get('location')]).toEqual([302, '/ui/'])
    const plain = await hotseat.get('/logs')
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })
})

describe('the lines', () => {
  test('a request is logged with client, request line, status, bytes of the body, agent and duration', async () => {
    const forwarded = ['X-Forwarded-For: 6.6.6.6, 9.9.9.9, 127.0.0.2', 'User-Agent: my "agent"']
    await ask(hotseat.url, 'GET /health?secret=1', forwarded)
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)`
    const line = String.raw`^${time} \[INFO\] Request 9\.9\.9\.9 "GET /health HTTP/1\.1" 200 2 "my 'agent'" \d+ms$`
    await until('it is logged', () => new RegExp(line, 'm').test(proxyLog()))
    expect(proxyLog()).not.toContain('secret')
    await ask(hotseat.url, 'GET /health', ['X-Real-IP: 7.7.7.7'])
    await until('it is logged', () => proxyLog().includes('Request 7.7.7.7 "GET /health'))
  })

  test.each([
    ['with a length', false],
    ['in chunks', true],
  ])('the answer of a model is logged with the bytes of its body, without framing: %s', async (how, stream) => {
    const headers = { 'User-Agent': how, 'Content-Type': 'application/json' }
    const response = await hotseat.post(chat, { model: 'a', stream, chunks: 3 }, { headers })
    expect(response.headers.has('content-length')).toBe(!stream)
    const bytes = Buffer.byteLength(await response.text())
    expect(bytes).toBeGreaterThan(0)
    await until('it is logged', () => proxyLog().includes(` 200 ${bytes} "${how}"`))
  })

  test('what is refused is logged like the rest, and a stream when it ends', async () => {
    await using keyed = await startHotseat({ a: upstream() }, 'apiKeys: [k]\n')
    const log = () => keyed.running.server.logs.proxy.history().toString()
    const leaving = new AbortController()
    const stream = await keyed.get('/logs/stream', { headers: { 'x-api-key': 'k' }, signal: leaving.signal })
    await keyed.get('/v1/models')
    await keyed.get('/nothing')
    await keyed.get('/v1/models', { method: 'OPTIONS' })
    await until('they are logged', () => /"OPTIONS \/v1\/models HTTP\/1.1" 204 0/.test(log()))
    expect(log()).toMatch(/"GET \/v1\/models HTTP\/1.1" 401 \d+[\s\S]+"GET \/nothing HTTP\/1.1" 404 \d+/)
    expect(log()).not.toContain('/logs/stream')
    await stream.body?.getReader().read()
    leaving.abort()
    await until('the stream is logged', () => /"GET \/logs\/stream HTTP\/1.1" 200 [1-9]/.test(log()))
  })

  test('what of an environment is a secret stays one, even for who debugs', async () => {
    await (await hotseat.post(chat, { model: 'silent' })).text()
    expect(proxyLog()).toContain('silent')
    expect(proxyLog()).not.toContain('hidden-away')
  })

  test.each([
    ['proxy', true, false],
    ['upstream', false, true],
    ['both', true, true],
    ['none', false, false],
  ])('logToStdout: %s decides what is printed and combined, and each log keeps its own', async (to, own, output) => {
    const printed: string[] = []
    const stdout = (chunk: Buffer) => void printed.push(chunk.toString())
    const yaml = `logToStdout: ${to}\nlogLevel: warn\n`
    await using quiet = await startHotseat({ a: upstream('--say hello') }, yaml, { stdout })
    await quiet.post(chat, { model: 'a' })
    await quiet.get('/upstream/a/reset')
    const { logs } = quiet.running.server
    await until('it is logged', () => logs.proxy.history().includes('[WARN]'))
    const combined = await (await quiet.get('/logs')).text()
    for (const text of [printed.join(''), combined]) {
      expect([text.includes('[WARN]'), text.includes('hello')]).toEqual([own, output])
    }
    expect(logs.proxy.history().toString()).not.toContain('[INFO]')
    expect(logs.upstream.history().toString()).toBe('hello\n')
  })

  test('what anyone may write is not believed of anyone', async () => {
    await using open = await startHotseat({ a: upstream() })
    await ask(open.url, 'GET /health', ['X-Forwarded-For: 9.9.9.9', 'X-Real-IP: 9.9.9.9'])
    const log = () => open.running.server.logs.proxy.history().toString()
    await until('it is logged', () => log().includes('Request 127.0.0.1 "GET /health'))
    expect(log()).not.toContain('9.9.9.9')
  })

  test('what monitors poll is not logged', async () => {
    for (const path of ['/wol-health', '/metrics', '/api/performance']) await hotseat.get(path)
    await hotseat.get('/after')
    await until('a later one is logged', () => proxyLog().includes('GET /after'))
    expect(proxyLog()).not.toMatch(/wol-health|\/metrics|\/api\/performance/)
  })

  test('why a model is not ready yet, and what failed, are in the log and not beside it', async () => {
    await hotseat.post('/api/models/unload', '')
    await hotseat.post(chat, { model: 'a' })
    expect(proxyLog()).toMatch(/\[DEBUG\] a is not ready: its check endpoint says (ECONNREFUSED|503)/)
    for (let i = 0; i < 3; i++) await hotseat.get('/upstream/a/reset')
    await until('it is logged', () => proxyLog().includes('[WARN] 502 bad_gateway: Model "a"'))
    expect(proxyLog().split('[WARN] 502').length).toBe(2)
    expect((await hotseat.post(chat, { model: 'bad' })).status).toBe(503)
    expect(proxyLog()).toMatch(/\[WARN\] 503 model_failed: Model "bad" did not start: .*code 1/)
  })
})

test('a log keeps 100 KiB, and whoever reads from a place before that begins where it can', () => {
  const log = new Log()
  log.append(Buffer.from('a'.repeat(60_000)))
  log.append(Buffer.from('b'.repeat(60_000)))
  expect(log.end).toBe(120_000)
  expect([log.read(0).from, log.history().length]).toEqual([120_000 - 102_400, 102_400])
  expect(log.read(119_999).bytes.toString()).toBe('b')
  expect(log.read(0, 10).bytes.toString()).toBe('a'.repeat(10))
  expect(log.read(120_000).bytes.length).toBe(0)
  log.append(Buffer.from(`${'c'.repeat(200_000)}d`))
  expect([log.end, log.history().toString().slice(-2)]).toEqual([320_001, 'cd'])
  expect(log.history().length).toBe(102_400)
})

test('a message that repeats is said once in a while, with how often it was not', () => {
  let now = 0
  const said: string[] = []
  const seldom = new Seldom(() => now)
  const say = (message: string) => seldom.say(message, (text) => said.push(text))
  for (let i = 0; i < 5; i++) say('x')
  say('y')
  now = 10_000
  say('x')
  say('x')
  expect(said).toEqual(['x', 'y', 'x (and 4 times before)'])
  for (let i = 0; i < 1_000; i++) say(`z${i}`)
  expect(said).toHaveLength(1_003)
})

test('times are written as the layouts of the reference say', () => {
  const { TZ } = process.env
  process.env.TZ = 'Etc/GMT+7'
  const at = Date.parse('2006-01-02T15:04:05.123-07:00') + 0.456
  const written = (format: LogTimeFormat) => formatTime(format, at)
  try {
    expect(written('ansic')).toBe('Mon Jan  2 15:04:05 2006')
    expect(written('unixdate')).toMatch(/^Mon Jan {2}2 15:04:05 \S+ 2006$/)
    expect(written('rubydate')).toBe('Mon Jan 02 15:04:05 -0700 2006')
    expect(written('rfc822')).toMatch(/^02 Jan 06 15:04 \S+$/)
    expect(written('rfc822z')).toBe('02 Jan 06 15:04 -0700')
    expect(written('rfc850')).toMatch(/^Monday, 02-Jan-06 15:04:05 \S+$/)
    expect(written('rfc1123')).toMatch(/^Mon, 02 Jan 2006 15:04:05 \S+$/)
    expect(written('rfc1123z')).toBe('Mon, 02 Jan 2006 15:04:05 -0700')
    expect(written('rfc3339')).toBe('2006-01-02T15:04:05-07:00')
    expect(written('rfc3339nano')).toMatch(/^2006-01-02T15:04:05\.123\d{1,3}-07:00$/)
    expect(written('kitchen')).toBe('3:04PM')
    expect(written('stamp')).toBe('Jan  2 15:04:05')
    expect(written('stampmilli')).toBe('Jan  2 15:04:05.123')
    expect(written('stampmicro')).toMatch(/^Jan {2}2 15:04:05\.123\d{3}$/)
    expect(written('stampnano')).toMatch(/^Jan {2}2 15:04:05\.123\d{3}000$/)
    process.env.TZ = 'UTC'
    expect(formatTime('rfc3339nano', Date.parse('2026-12-31T00:05:06Z'))).toBe('2026-12-31T00:05:06Z')
    expect(formatTime('kitchen', Date.parse('2026-12-31T00:05:06Z'))).toBe('12:05AM')
    expect(formatTime('unixdate', Date.parse('2026-12-31T00:05:06Z'))).toBe('Thu Dec 31 00:05:06 UTC 2026')
  } finally {
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  }
})
