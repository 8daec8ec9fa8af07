import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { open } from '../support/raw.ts'
import { until, untilHeldBack } from '../support/until.ts'

/* Bodies and readers that are large, deep, slow, cut short or never done. Everyone else is served as before. */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      a: upstream(),
      set: { cmd: upstream(), useModelName: 'real', filters: { setParams: { 'x.y': 1 } }, concurrencyLimit: 400 },
    },
    'groups: {all: {swap: false, members: [a, set]}}',
  )
})

afterAll(() => hotseat[Symbol.asyncDispose]())

afterEach(async () => {
  expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
  await until('nothing is under way', () => hotseat.running.server.inflight.list().length === 0)
  await until('every lease is given back', () => hotseat.leasesOf('a') === 0 && hotseat.leasesOf('set') === 0)
})

async function bodySeen(body: string, headers = { 'content-type': 'application/json' }): Promise<string> {
  const response = await hotseat.post('/completion', body, { headers })
  return ((await response.json()) as { body: string }).body
}

const image = 'A'.repeat(8 * 2 ** 20)

test('an image of 8 MB in JSON reaches the model as it was sent, wherever the name stands', async () => {
  for (const body of [`{"model":"a","image":"${image}"}`, `{"image":"${image}","model":"a"}`]) {
    expect((await bodySeen(body)) === body).toBe(true)
  }
  const changed = await bodySeen(`{"image":"${image}","model":"set"}`)
  expect(changed === `{"image":"${image}","model":"real","x":{"y":1}}`).toBe(true)
})

test('a file of 8 MB in a form reaches the model as it was sent', async () => {
  const form = `--XX\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n${image}\r\n`
  const body = `${form}--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\na\r\n--XX--\r\n`
  expect((await bodySeen(body, { 'content-type': 'multipart/form-data; boundary=XX' })) === body).toBe(true)
})

test('100,000 levels of JSON are passed on, and parameters are set beside them', async () => {
  for (const [opening, closing] of [
    ['[', ']'],
    ['{"x":', '}'],
  ] as const) {
    const deep = `${opening.repeat(100_000)}1${closing.repeat(100_000)}`
    const body = `{"deep":${deep},"model":"a"}`
    expect((await bodySeen(body)) === body).toBe(true)
    expect(await bodySeen(`{"deep":${deep},"model":"set"}`)).toMatch(/,"model":"real","x":\{"y":1\}\}$/)
  }
})

test.each([
  ['ends in a file', '--XX\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nRIFF'],
  ['ends in a header', '--XX\r\nContent-Disposition: form-da'],
  ['ends behind the model', '--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\na\r\n--XX'],
  ['has no boundary in it', 'nothing of the kind'],
  ['is empty', ''],
])('a form that %s is an error that says so', async (_what, body) => {
  const response = await hotseat.post('/v1/audio/transcriptions', body, {
    headers: { 'content-type': 'multipart/form-data; boundary=XX' },
  })
  expect([response.status, await readError(response)]).toEqual([
    400,
    expect.objectContaining({ code: 'bad_request', message: expect.stringContaining('not the multipart form') }),
  ])
})

/** A request of which only the beginning has come. */
async function begun(count: number, head: string): Promise<Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(hotseat.url)))
  for (const socket of sockets)
    socket
      .on('error', () => {})
      .resume()
      .write(head)
  return sockets
}

test('300 bodies that come byte by byte cost little, delay nobody, and leave nothing behind', async () => {
  const before = process.memoryUsage().rss
  const announced = 16 * 2 ** 20
  const named = `POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${announced}\r\n\r\n`
  const passed = `POST /upstream/set/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${announced}\r\n\r\n`
  const sockets = [...(await begun(150, named)), ...(await begun(150, passed))]
  await until('half of them are passed on as they come', () => hotseat.leasesOf('set') === 150)
  for (let round = 0; round < 20; round++) {
    for (const socket of sockets) socket.write(' ')
    if (round % 5 === 0) expect((await hotseat.post(chat, { model: 'a' })).status).toBe(200)
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20)
  for (const socket of sockets) socket.destroy()
})

test('answers that are never read hold their model back, not the memory, and end with their clients', async () => {
  const sockets = await Promise.all(Array.from({ length: 5 }, () => open(hotseat.url)))
  for (const socket of sockets) socket.pause().write('GET /upstream/a/big?mb=64 HTTP/1.1\r\nHost: x\r\n\r\n')
  await until('all are served', () => hotseat.leasesOf('a') === 5)
  const readSoFar = async () => Number(await (await hotseat.get('/upstream/a/read')).text())
  expect(await untilHeldBack('the answers are held back', readSoFar)).toBeLessThan(100 * 2 ** 20)
  for (const socket of sockets) socket.destroy()
})

test('an announced body over the limit is refused before it is sent', async () => {
  const limit = hotseat.running.server.config.bodyLimitBytes
  const socket = await open(hotseat.url)
  socket.write(
    `POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${limit + 1}\r\n\r\n`,
  )
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 [\s\S]*"body_too_large"/)
})

test('a client of HTTP/1.0 gets a stream as it comes, without chunks', async () => {
  const body = JSON.stringify({ model: 'a', stream: true, chunks: 3 })
  const socket = await open(hotseat.url)
  socket.write(
    `POST ${chat} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  const closed = once(socket, 'close')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).not.toMatch(/^transfer-encoding/im)
  expect(answer).toMatch(/\r\n\r\ndata: \{"id"[\s\S]+data: \[DONE\]\n\n$/)
  await closed
})
