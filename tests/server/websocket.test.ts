import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { open } from '../support/raw.ts'
import { until } from '../support/until.ts'

let far: Hotseat
let hotseat: Hotseat

beforeAll(async () => {
  far = await startHotseat({ big: upstream() })
  hotseat = await startHotseat(
    {
      counted: upstream(),
      ignored: { cmd: upstream(), compat: { ignoreWebsockets: true } },
      comfyui_auto: upstream(),
    },
    `
peers: {far: {proxy: "${far.url}/upstream/big", models: [big]}}
groups: {all: {members: [counted, ignored, comfyui_auto], swap: false}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

const socketTo = (path: string) => new WebSocket(`${hotseat.url.replace('http', 'ws')}${path}`)

async function opened(path: string): Promise<WebSocket> {
  const socket = socketTo(path)
  await once(socket, 'open')
  return socket
}

async function says(socket: WebSocket, text: string): Promise<string> {
  const heard = once(socket, 'message')
  socket.send(text)
  return String((await heard)[0])
}

test('a WebSocket loads its model, counts as a request, and ends with its client', async () => {
  const socket = await opened('/upstream/counted/ws')
  expect(await says(socket, 'hello')).toBe('hello')
  expect(await says(socket, 'x'.repeat(100_000))).toHaveLength(100_000)
  expect(hotseat.leasesOf('counted')).toBe(1)
  socket.close()
  await until('the lease is given back', () => hotseat.leasesOf('counted') === 0)
})

test.each([
  ['a path that names its model in the query', '/props?model=counted'],
  ["a path of a peer's model", '/upstream/far/big/ws'],
  ["a peer's model in the query", '/props?model=far/big'],
  ['the page of ComfyUI', '/comfyui/ws'],
])('a WebSocket to %s', async (_what, path) => {
  await (await hotseat.get('/comfyui/')).text()
  const socket = await opened(path)
  expect(await says(socket, 'hello')).toBe('hello')
  socket.close()
  await once(socket, 'close')
  await until('nothing is held', () => hotseat.leasesOf('counted') + far.leasesOf('big') === 0)
})

test.each([
  ['among others, in any case', ['Upgrade: other/1, WEBsocket'], 'websocket'],
  ['another than WebSocket', ['Upgrade: echo/1'], 'echo/1'],
])('a protocol %s is spoken once the model agrees', async (_what, fields, agreed) => {
  const socket = await open(hotseat.url)
  let seen = ''
  socket.setEncoding('latin1').on('data', (text: string) => (seen += text))
  const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']
  const head = ['GET /upstream/counted/ws HTTP/1.1', 'Host: x', 'Connection: keep-alive, Upgrade', ...fields, ...key]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await until('it is agreed on', () => seen.includes('\r\n\r\n'))
  expect(seen).toMatch(new RegExp(`^HTTP/1.1 101 [\\s\\S]*upgrade: ${agreed}\r\n`, 'i'))
  const said = agreed === 'websocket' ? '\x89\x80\0\0\0\0' : 'hello'
  socket.write(said, 'latin1')
  await until('it is answered', () => seen.split('\r\n\r\n')[1] === (agreed === 'websocket' ? '\x8a\0' : said))
  socket.destroy()
  await until('the lease is given back', () => hotseat.leasesOf('counted') === 0)
})

test.each(['TLS/1.2', 'websocket'])(
  'a request with a body that asks for %s is answered like any other',
  async (protocol) => {
    const body = JSON.stringify({ model: 'counted' })
    const fields = [`Upgrade: ${protocol}`, 'Content-Type: application/json', `Content-Length: ${body.length}`]
    const head = [`POST ${chat} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', ...fields]
    const socket = await open(hotseat.url)
    let seen = ''
    socket.setEncoding('latin1').on('data', (text: string) => (seen += text))
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    await until('it is answered', () => seen.includes('counted answers'))
    socket.destroy()
  },
)

test('a WebSocket ends when its model is unloaded', async () => {
  const socket = await opened('/upstream/counted/ws')
  const closed = once(socket, 'close')
  await hotseat.post('/api/models/unload/counted', {})
  await closed
  expect(hotseat.leasesOf('counted')).toBe(0)
})

test('one that is to be ignored neither loads its model nor counts', async () => {
  const refused = socketTo('/upstream/ignored/ws')
  const [error] = (await once(refused, 'error')) as [Error]
  expect(error.message).toContain('409')

  await (await hotseat.post(chat, { model: 'ignored' })).text()
  const socket = await opened('/upstream/ignored/ws')
  expect(await says(socket, 'hello')).toBe('hello')
  const byQuery = await opened('/props?model=ignored')
  expect(await says(byQuery, 'hello')).toBe('hello')
  expect(hotseat.leasesOf('ignored')).toBe(0)
  expect(hotseat.running.server.inflight.list()).toEqual([])
  const ended = [socket, byQuery].map((each) => once(each, 'close'))
  await hotseat.post('/api/models/unload/ignored', {})
  await Promise.all(ended)
})

test('a model that does not speak WebSocket there says so itself', async () => {
  const socket = socketTo('/upstream/counted/elsewhere')
  const [error] = (await once(socket, 'error')) as [Error]
  expect(error.message).toMatch(/400/)
  await until('the lease is given back', () => hotseat.leasesOf('counted') === 0)
})

test('a client that asks for HTTP/2 with its request gets its answer in HTTP/1.1', async () => {
  const asking = request(`${hotseat.url}${chat}`, {
    method: 'POST',
    headers: {
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABk',
      'Content-Type': 'application/json',
    },
  })
  asking.end(JSON.stringify({ model: 'counted' }))
  const [response] = await once(asking, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  expect(text).toContain('counted answers')
})

describe("ComfyUI's page (server §16)", () => {
  test('is loaded by its first path only, and is not among the requests under way', async () => {
    await hotseat.post('/api/models/unload/comfyui_auto', {})
    for (const [method, status] of [
      ['GET', 301],
      ['HEAD', 301],
      ['POST', 308],
    ] as const) {
      const redirect = await hotseat.get('/comfyui?x=1', { method, redirect: 'manual' })
      expect([method, redirect.status, redirect.headers.get('location')]).toEqual([method, status, '/comfyui/?x=1'])
    }
    const early = await hotseat.get('/comfyui/api/queue')
    expect([early.status, (await readError(early)).code]).toEqual([409, 'conflict'])
    const { count } = hotseat.running.server.inflight.changes
    expect((await hotseat.post('/comfyui/', {})).status).toBe(200)
    const { url } = (await (await hotseat.get('/comfyui/api/a%2Fb?c=1')).json()) as { url: string }
    expect(url).toBe('/api/a%2Fb?c=1')
    expect((await hotseat.post('/comfyui/v1/completions', { model: 'x' })).status).toBe(200)
    expect(hotseat.running.server.inflight.changes.count).toBe(count)
  })

  test('needs a model of that very id: an alias will not do', async () => {
    await using other = await startHotseat({ a: { cmd: upstream(), aliases: ['comfyui_auto'] } })
    const response = await other.get('/comfyui/')
    expect([response.status, (await readError(response)).code]).toEqual([404, 'not_found'])
    expect(other.stateOf('a')).toBe('stopped')
  })
})
