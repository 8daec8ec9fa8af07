import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat({
    counted: upstream(),
    ignored: { cmd: upstream(), compat: { ignoreWebsockets: true } },
    comfyui_auto: upstream(),
  })
})

afterAll(() => hotseat[Symbol.asyncDispose]())

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
  expect(hotseat.leasesOf('ignored')).toBe(0)
  socket.close()
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

test("ComfyUI's page is loaded by its first path only", async () => {
  const redirect = await hotseat.get('/comfyui?x=1', { redirect: 'manual' })
  expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/comfyui/?x=1'])
  const early = await hotseat.get('/comfyui/api/queue')
  expect([early.status, (await readError(early)).code]).toEqual([409, 'conflict'])
  expect((await hotseat.get('/comfyui/')).status).toBe(200)
  const { url } = (await (await hotseat.get('/comfyui/api/a%2Fb?c=1')).json()) as { url: string }
  expect(url).toBe('/api/a%2Fb?c=1')
})
