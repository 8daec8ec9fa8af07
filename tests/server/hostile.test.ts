import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { start } from '../../server/start.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { ask, open, raw } from '../support/raw.ts'
import { until } from '../support/until.ts'

/* Clients that mean harm, or are broken. Each gets a clear error or nothing, and everyone else is served as before. */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat({ a: { cmd: upstream(), aliases: ['x/y/z'] } }, 'bodyLimit: 1')
})

afterAll(async () => {
  expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
  await hotseat[Symbol.asyncDispose]()
})

function errorIn(answer: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toMatch(/^content-type: application\/json\r?$/im)
  return (JSON.parse(body) as { error: { code: string } }).error.code
}

test.each([
  ['bytes that are no request', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad_request'],
  ['a line break in a header', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: b\nc d\r\n\r\n', 400, 'bad_request'],
  ['a null in a header', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n', 400, 'bad_request'],
  ['a blank in a name', 'GET /health HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n', 400, 'bad_request'],
  [
    'two lengths',
    'POST /completion HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    400,
    'bad_request',
  ],
  [
    'a length and chunks',
    'POST /completion HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'bad_request',
  ],
  ['a head without end', `GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(300_000)}`, 431, 'headers_too_large'],
  ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
  ['two hosts', 'GET /upstream/a/x HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
  ['a blank in the target', 'GET /health x HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'bad_request'],
])('%s', async (_what, bytes, status, code) => {
  const answer = await raw(hotseat.url, bytes)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(errorIn(answer)).toBe(code)
})

test.each([
  ['a line break in a path', '/upstream/a/x%0d%0aSet-Cookie:evil=1', 200],
  ['a line break in a redirect', '/upstream/x%2Fy%2Fz?a=%0d%0aSet-Cookie:evil=1', 301],
  ['a malformed escape', '/upstream/a/%zz%', 200],
  ['a malformed escape instead of a name', '/upstream/%zz/x', 404],
  ['half a character', '/v1/models/%c3', 404],
  ['a null', '/logs/stream/%00', 400],
  ['more segments than any name has', `/upstream/${'a/'.repeat(7_000)}`, 200],
  ['more segments than a model would get', `/upstream/zz/${'a/'.repeat(60_000)}`, 404],
  ['more segments than any path has', `/${'a/'.repeat(60_000)}`, 404],
  ['bytes beyond ASCII', '/\xff\xfe', 400],
])('%s', async (_what, path, status) => {
  const answer = await ask(hotseat.url, `GET ${path}`)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).not.toMatch(/^set-cookie/im)
})

test('a client that expects something odd is answered all the same', async () => {
  expect(await ask(hotseat.url, 'GET /health', ['Expect: the-unexpected'])).toMatch(/^HTTP\/1\.1 200 .*OK$/s)
})

test('a name of a megabyte is answered at once, cut in the message and compared with nothing', async () => {
  const response = await hotseat.post(chat, { model: 'b'.repeat(1_000_000) })
  expect([response.status, (await response.text()).length < 1_000]).toEqual([404, true])
})

test('a path out of its model stays with the model', async () => {
  const seen = async (path: string) => {
    const answer = await ask(hotseat.url, `GET ${path}`)
    return /"url":"([^"]*)"/.exec(answer)?.[1]
  }
  expect(await seen('/upstream/a/..%2f..%2fetc')).toBe('/..%2f..%2fetc')
  expect(await seen('/upstream/a/.%2e%2f')).toBe('/.%2e%2f')
})

test('a second request that is garbage does not spoil the answer to the first', async () => {
  const answer = await raw(hotseat.url, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 200 .*OK(?:$|HTTP\/1.1 400 )/s)
  const stream = await open(hotseat.url)
  stream.write('GET /logs/stream HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n')
  expect(await text(stream)).not.toContain('400')
})

test('a head that comes drop by drop is cut off in time', async () => {
  const { config } = parseConfig('models: {}', 'test.yaml')
  const options = { hostname: '127.0.0.1', port: 0, stdout: () => {}, onFatal: () => {}, headersTimeoutMs: 100 }
  const running = await start(config, options)
  const drips = await Promise.all(Array.from({ length: 50 }, () => open(running.url)))
  for (const socket of drips) socket.write('GET /health HTTP/1.1\r\nHost: x\r\nX-A: ')
  const answers = await Promise.all(drips.map((socket) => text(socket)))
  for (const answer of answers) expect(errorIn(answer)).toBe('request_timeout')
  await running.stop(1_000)
})

test('1,000 idle streams, half of which are never read, cost little and delay nobody', async () => {
  const before = process.memoryUsage().rss
  const sockets: Socket[] = []
  for (let count = 0; count < 1_000; count += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(hotseat.url)))))
  }
  sockets.forEach((socket, index) => {
    if (index % 2 === 0) socket.pause()
    else socket.resume()
    const path = index % 4 < 2 ? '/api/events' : '/logs/stream'
    socket.on('error', () => {}).write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  })
  const { logs } = hotseat.running.server
  for (let i = 0; i < 60; i++) {
    logs.info('x'.repeat(3_000))
    if (i % 10 === 0) expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
  }
  // What never reads holds at most what was handed over at once: some 50 KiB each, and this process holds both ends.
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20)
  for (const socket of sockets) socket.destroy()
  await until('nobody is left', () => hotseat.running.server.feed.isIdle)
}, 60_000)

test('a client that leaves in the middle of its body leaves nothing behind', async () => {
  const socket = await open(hotseat.url)
  socket.write(`POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"mo`)
  await until('it has been read', () => socket.bytesWritten > 100)
  socket.destroy()
  expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
  expect(hotseat.running.server.inflight.list()).toEqual([])
})

test('many small chunks over the limit are refused, not gathered', async () => {
  const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
  const head = `POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
  const client = await open(hotseat.url)
  let answer = ''
  client.on('data', (bytes) => {
    answer += bytes
  })
  client.write(`${head}2\r\n{"\r\n${chunk.repeat(1_100)}`)
  await until('they are refused', () => answer.includes('}}'))
  expect(answer).toMatch(/^HTTP\/1.1 413 /)
  expect(errorIn(answer)).toBe('body_too_large')
  client.destroy()
})
