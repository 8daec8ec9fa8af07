import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ClientHttp2Session } from 'node:http2'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Http2Sessions } from '../../server/http2/sessions.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { connectHttp2, exchange, receive, testTls } from '../support/http2.ts'
import { until, untilHeldBack } from '../support/until.ts'

/* With TLS, clients that know HTTP/2 speak it, and find all that they would find with HTTP/1.1 (server §1.2). */

let hotseat: Hotseat
let session: ClientHttp2Session

beforeAll(async () => {
  hotseat = await startHotseat({ a: upstream() }, 'bodyLimit: 8', { tls: testTls() })
  session = await connectHttp2(hotseat.url)
})

afterAll(async () => {
  session.destroy()
  await hotseat[Symbol.asyncDispose]()
})

const json = { ':method': 'POST', ':path': chat, 'content-type': 'application/json' }

function ask(fields: object) {
  return exchange(session, json, JSON.stringify({ model: 'a', ...fields }))
}

async function seen(headers: object, body?: string) {
  const answer = await exchange(session, { ':path': '/upstream/a/echo', ...headers }, body)
  return JSON.parse(answer.body) as { method: string; url: string; rawHeaders: string[]; body: string }
}

test('an answer is what it is in HTTP/1.1, without what concerns one connection', async () => {
  const { headers, body } = await ask({})
  expect(headers[':status']).toBe(200)
  expect(headers['content-type']).toBe('application/json')
  expect(body).toContain('a answers')
  for (const name of ['connection', 'keep-alive', 'transfer-encoding']) expect(headers).not.toHaveProperty(name)
})

test('a stream comes piece by piece, and many at once on one connection', async () => {
  const streams = await Promise.all(Array.from({ length: 8 }, () => ask({ stream: true, chunks: 5, chunkMs: 2 })))
  for (const { headers, body } of streams) {
    expect([headers['content-type'], headers['x-accel-buffering']]).toEqual(['text/event-stream', 'no'])
    expect(body).toMatch(/"0 "[\s\S]*"4 "[\s\S]*data: \[DONE\]\n\n$/)
  }
  const [one, two] = [session.request({ ':path': '/api/events' }), session.request({ ':path': '/logs/stream' })]
  const [event] = await Promise.all([once(one, 'data'), once(two, 'response')])
  expect(String(event[0])).toContain('event:message')
  one.close()
  two.close()
  await until('nobody listens any more', () => hotseat.running.server.feed.isIdle)
})

test('the request goes on as it came: method, path, query, host, headers and body', async () => {
  const more = { ':method': 'PUT', ':path': '/upstream/a/x%2Fy?q=1', cookie: ['a=1', 'b=2'], 'x-mine': 'é' }
  const { method, url, rawHeaders, body } = await seen(more, 'some body')
  expect([method, url, body]).toEqual(['PUT', '/x%2Fy?q=1', 'some body'])
  const fields = rawHeaders.join('|')
  expect(fields).toContain(`host|${new URL(hotseat.url).host}`)
  expect(fields).toContain('cookie|a=1; b=2')
  expect(fields).toContain('X-Forwarded-For|127.0.0.1')
  expect(fields).not.toMatch(/(?:^|\|):/)
  expect((await seen({ ':method': 'POST', 'content-length': '4' }, 'four')).rawHeaders.join('|')).toMatch(
    /Content-Length\|4/,
  )
  expect((await seen({})).rawHeaders.join('|')).not.toMatch(/content-length|transfer-encoding/i)
})

test('HEAD, empty answers, errors, redirects and several cookies are what they should be', async () => {
  const head = await exchange(session, { ':method': 'HEAD', ':path': '/v1/models' })
  expect([head.headers[':status'], head.body, Number(head.headers['content-length']) > 0]).toEqual([200, '', true])
  expect((await exchange(session, { ':method': 'OPTIONS', ':path': '/x' })).headers[':status']).toBe(204)
  const error = await exchange(session, { ':path': '/nothing' })
  expect([error.headers[':status'], JSON.parse(error.body).error.code]).toEqual([404, 'not_found'])
  expect((await exchange(session, { ':path': '/ui' })).headers.location).toBe('/ui/')
  const cookies = await exchange(session, { ':path': '/upstream/a/x?set-set-cookie=a%3D1&set-set-cookie=b%3D2' })
  expect(cookies.headers['set-cookie']).toHaveLength(2)
})

test('interim answers and trailers pass', async () => {
  const stream = session.request({ ':path': '/upstream/a/around' })
  const hints = once(stream, 'headers')
  const { body, trailers } = await receive(stream)
  expect([body, trailers?.['x-sum']]).toEqual(['between', '7'])
  expect((await hints)[0]).toMatchObject({ ':status': 103, link: '</a>; rel=preload' })
})

test('a body of megabytes goes through in both directions, and one over the limit is refused without being read', async () => {
  const body = 'x'.repeat(6 * 2 ** 20)
  expect((await seen({ ':method': 'POST' }, body)).body.length).toBe(body.length)
  const { headers, body: refusal } = await exchange(
    session,
    { ...json, 'content-length': String(10 * 2 ** 20) },
    Buffer.alloc(10 * 2 ** 20, 'x'),
  ).catch((error: Error) => ({ headers: { ':status': error.message }, body: '' }))
  expect([headers[':status'], refusal.includes('body_too_large')]).toEqual([413, true])
  expect((await ask({})).headers[':status']).toBe(200)
})

describe('an end before the end', () => {
  test('an answer that breaks resets its stream, and no other (W13)', async () => {
    const other = ask({ stream: true, chunks: 20, chunkMs: 10 })
    for (const path of ['/upstream/a/half', '/upstream/a/half?length']) {
      await expect(exchange(session, { ':path': path })).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    }
    expect((await other).body).toContain('[DONE]')
  })

  test('a stream that breaks says why first', async () => {
    const stream = session.request(json).end(JSON.stringify({ model: 'a', stream: true, chunks: 9, dieAfter: 2 }))
    let text = ''
    stream.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
    const [error] = await once(stream, 'error')
    expect(error).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    expect(text).toContain('upstream_broke')
  })

  test('a client that gives a stream up ends the request, and one that leaves ends them all', async () => {
    const endless = JSON.stringify({ model: 'a', stream: true, chunks: 1_000, chunkMs: 10 })
    const stream = session.request(json).end(endless)
    await once(stream, 'data')
    stream.close()
    await until('the lease is given back', () => hotseat.leasesOf('a') === 0)
    const leaving = await connectHttp2(hotseat.url)
    for (let count = 0; count < 3; count++) await once(leaving.request(json).end(endless), 'response')
    leaving.destroy()
    await until('all leases are given back', () => hotseat.leasesOf('a') === 0)
  })

  test('a client that does not read holds the model back, not the memory', async () => {
    const deaf = await connectHttp2(hotseat.url)
    const readSoFar = async () => Number((await exchange(session, { ':path': '/upstream/a/read' })).body)
    const streams = Array.from({ length: 5 }, () => deaf.request({ ':path': '/upstream/a/big?mb=64' }))
    await Promise.all(streams.map((stream) => once(stream.pause(), 'response')))
    expect((await ask({})).headers[':status']).toBe(200)
    expect(hotseat.leasesOf('a')).toBe(5)
    expect(await untilHeldBack('the answers are held back', readSoFar)).toBeLessThan(100 * 2 ** 20)
    deaf.destroy()
    await until('all leases are given back', () => hotseat.leasesOf('a') === 0)
  })
})

test('what HTTP/2 does not allow, or HTTP/1.1 would take for something else, is refused', async () => {
  const smuggled = { ':path': '/health HTTP/1.1\r\nHost: x\r\n\r\nGET /unload' }
  await expect(exchange(session, smuggled)).rejects.toThrow()
  await expect(exchange(session, { ':path': '/a b' })).rejects.toThrow()
  const longer = { ':method': 'POST', ':path': '/upstream/a/echo', 'content-length': '1' }
  const liar = await connectHttp2(hotseat.url)
  await expect(exchange(liar, longer, 'xGET /unload HTTP/1.1\r\nHost: x\r\n\r\n')).rejects.toThrow()
  expect(hotseat.stateOf('a')).toBe('ready')
  expect((await ask({})).headers[':status']).toBe(200)
})

test('bytes that are no HTTP/2 end their connection, and no other', async () => {
  const socket = connectTls({
    host: '127.0.0.1',
    port: Number(new URL(hotseat.url).port),
    ca: testTls().cert,
    ALPNProtocols: ['h2'],
  })
  await once(socket, 'secureConnect')
  socket.on('error', () => {}).resume()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'close')
  expect((await ask({})).headers[':status']).toBe(200)
})

test('who does not know HTTP/2 speaks HTTP/1.1, WebSockets too', async () => {
  const { ca, host, port } = { ca: testTls().cert, host: '127.0.0.1', port: new URL(hotseat.url).port }
  const sent = request({ host, port, path: '/health', ca, agent: false }).end()
  const [response] = await once(sent, 'response')
  expect([response.statusCode, response.httpVersion]).toEqual([200, '1.1'])
  const socket = connectTls({ host, port: Number(port), ca, ALPNProtocols: ['http/1.1'] })
  await once(socket, 'secureConnect')
  expect(socket.alpnProtocol).toBe('http/1.1')
  socket.destroy()
  const web = new WebSocket(`${hotseat.url.replace('https', 'wss')}/upstream/a/ws`, { ca })
  await once(web, 'open')
  web.send('hello')
  expect(String((await once(web, 'message'))[0])).toBe('hello')
  web.close()
  await once(web, 'close')
})

test('the log tells the protocol and the client', async () => {
  await exchange(session, { ':path': '/api/version', 'user-agent': 'two' })
  const line = /^\[INFO\] Request 127\.0\.0\.1 "GET \/api\/version HTTP\/2\.0" 200 \d+ "two" \d+ms$/m
  await until('it is logged', async () => line.test((await exchange(session, { ':path': '/logs' })).body))
})

test('a connection that rests is closed in time, and one that waits for its answer is not', async () => {
  const waiting: (() => void)[] = []
  const http1 = createServer((_request, response) => waiting.push(() => response.end('at last')))
  const sessions = new Http2Sessions({ idleMs: 50, mostHeaderBytes: 65_536 }, (wire) => http1.emit('connection', wire))
  const secure = createTlsServer({ ...testTls(), ALPNProtocols: ['h2'] }, (socket) => sessions.welcome(socket))
  secure.listen(0, '127.0.0.1')
  await once(secure, 'listening')
  const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`
  const busy = await connectHttp2(url)
  const answer = exchange(busy, { ':path': '/' })
  await until('it is asked', () => waiting.length === 1)
  await once(await connectHttp2(url), 'close')
  expect(busy.closed).toBe(false)
  waiting[0]?.()
  expect((await answer).body).toBe('at last')
  await once(busy, 'close')
  secure.close()
})

test('a shutdown lets answers finish, and then there is no connection', async () => {
  const ending = await startHotseat({ a: upstream() }, '', { tls: testTls() })
  const client = await connectHttp2(ending.url)
  const stream = client.request(json).end(JSON.stringify({ model: 'a', stream: true, chunks: 20, chunkMs: 10 }))
  const answer = receive(stream)
  await once(stream, 'response')
  const idle = await connectHttp2(ending.url)
  const left = Promise.all([once(client, 'close'), once(idle, 'close')])
  await ending[Symbol.asyncDispose]()
  expect((await answer).body).toContain('[DONE]')
  await left
})
