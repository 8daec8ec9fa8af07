import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { type Part, type Played, playModel } from '../support/played.ts'
import { open } from '../support/raw.ts'
import { until, untilHeldBack } from '../support/until.ts'

/* Bodies that are too large to be waited for: they are on their way to the model while they come. */

let hotseat: Hotseat
let model: Played

const mib = 2 ** 20
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const keepAlive = { fields: [] }
const transcriptions = '/v1/audio/transcriptions'

beforeAll(async () => {
  model = await playModel()
  const played = { cmd: 'sleep 300', proxy: `http://127.0.0.1:${model.port}`, checkEndpoint: 'none' }
  hotseat = await startHotseat(
    {
      m: { ...played, aliases: ['gpt'] },
      renamed: { ...played, useModelName: 'some/longer-name' },
      filtered: { ...played, filters: { setParams: { top_k: 1 } } },
      told: { ...played, checkEndpoint: '/health', sendLoadingState: true },
      slow: upstream('--silent-health'),
    },
    `
bodyLimit: 64
groups: {g: {members: [m, renamed, filtered, told, slow], swap: false}}
selectors: {either: {strategy: failover, targets: [m, renamed]}, pinned: {strategy: pin, targets: [m]}}
`,
  )
})

afterEach(async () => {
  await until('no lease is left', () => ['m', 'renamed', 'filtered', 'told'].every((id) => hotseat.leasesOf(id) === 0))
  expect(hotseat.running.server.inflight.list()).toEqual([])
  for (const { socket } of model.parts.splice(0)) socket.destroy()
  model.onConnection = () => {}
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

interface Sent {
  readonly path?: string
  readonly type?: string
  readonly fields?: readonly string[]
}

/** Sends a head, and leaves the body to the test. */
async function begin(
  framing: string,
  { path = chat, type = 'application/json', fields = ['Connection: close'] }: Sent = {},
) {
  const socket = await open(hotseat.url)
  socket.on('error', () => {})
  const head = [`POST ${path} HTTP/1.1`, 'Host: x', `Content-Type: ${type}`, framing, ...fields]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  return socket
}

const beginLong = (length: number, sent: Sent = {}) => begin(`Content-Length: ${length}`, sent)
const beginChunked = (sent: Sent = {}) => begin('Transfer-Encoding: chunked', sent)

function inChunk(bytes: string): string {
  return `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`
}

/** Reads along with what the server says. */
function listening(socket: Socket): () => string {
  let said = ''
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1')
  })
  return () => said
}

async function reached(): Promise<Part> {
  await until('the model is asked', () => model.parts.length === 1 && model.parts[0]!.received().includes('\r\n\r\n'))
  return model.parts[0]!
}

function bodyOf(part: Part): Buffer {
  const received = part.received()
  return received.subarray(received.indexOf('\r\n\r\n') + 4)
}

function errorIn(answer: string): [status: number, code: string] {
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { error: { code: string } }
  return [Number(answer.slice(9, 12)), body.error.code]
}

const filling = 'x'.repeat(mib)
const json = (name: string, rest = '') => `{"model":"${name}","messages":["${filling}"]${rest}}`
const part = (name: string, value: string) =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const multipart = { path: transcriptions, type: 'multipart/form-data; boundary=XX' }

describe('the model has the first byte before the client has sent the last', () => {
  test.each<[string, string, Sent]>([
    ['JSON', json('m'), {}],
    ['JSON that names an alias', json('gpt'), {}],
    ['a form that names it first', `${part('model', 'm')}${part('file', filling)}--XX--\r\n`, multipart],
    [
      'a form whose query names it',
      `${part('file', filling)}--XX--\r\n`,
      { ...multipart, path: `${transcriptions}?model=m` },
    ],
    ['a sound of which the query names the model', filling, { type: 'audio/wav', path: `${transcriptions}?model=m` }],
  ])('%s, with a length', async (_what, body, sent) => {
    const client = await beginLong(body.length, sent)
    const answer = text(client)
    client.write(body.slice(0, 300_000))
    const { socket } = await reached()
    await until('what was sent is there', () => bodyOf(model.parts[0]!).length === 300_000)
    client.write(body.slice(300_000))
    await until('all of it is there', () => bodyOf(model.parts[0]!).length === body.length)
    socket.write(ok)
    expect(await answer).toMatch(/ok$/)
    expect(bodyOf(model.parts[0]!).equals(Buffer.from(body))).toBe(true)
    expect(model.parts[0]!.received().toString()).toContain(`\r\nContent-Length: ${body.length}\r\n`)
  })

  test('chunks, however small', async () => {
    const body = json('m')
    const client = await beginChunked()
    const answer = text(client)
    for (let at = 0; at < 1_000; at++) client.write(inChunk(body[at]!))
    client.write(inChunk(body.slice(1_000, 300_000)))
    await reached()
    client.write(`${inChunk(body.slice(300_000))}0\r\n\r\n`)
    const { socket, received } = model.parts[0]!
    await until('all of it is there', () => received().toString('latin1').endsWith('\r\n0\r\n\r\n'))
    socket.write(ok)
    expect(await answer).toMatch(/ok$/)
    expect(received().toString()).toContain('\r\nTransfer-Encoding: chunked\r\n')
    const data = bodyOf(model.parts[0]!)
      .toString()
      .replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, '')
    expect(data.trimEnd() === body).toBe(true)
  })

  test.each([
    ['by which the model knows itself', 'renamed', 'some/longer-name'],
    ['that a selector chose', 'pinned', 'm'],
  ])('under the name %s', async (_what, name, expectedName) => {
    const body = json(name)
    const client = await beginLong(body.length)
    const answer = text(client)
    client.write(body.slice(0, 300_000))
    await reached()
    client.write(body.slice(300_000))
    const expected = json(expectedName)
    await until('all of it is there', () => bodyOf(model.parts[0]!).length === expected.length)
    model.parts[0]!.socket.write(ok)
    expect(await answer).toMatch(/ok$/)
    expect(bodyOf(model.parts[0]!).toString() === expected).toBe(true)
    expect(model.parts[0]!.received().toString()).toContain(`\r\nContent-Length: ${expected.length}\r\n`)
  })

  test('and the client is told to go on before it sends any', async () => {
    const body = json('m')
    const client = await beginLong(body.length, { fields: ['Expect: 100-continue'] })
    const said = listening(client)
    await until('it may go on', () => said().startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
    client.write(body.slice(0, 300_000))
    const { socket, received } = await reached()
    client.write(body.slice(300_000))
    await until('all of it is there', () => bodyOf(model.parts[0]!).length === body.length)
    expect(received().toString()).not.toMatch(/expect:/i)
    socket.write(ok)
    await until('it is answered', () => said().endsWith('ok'))
    client.destroy()
  })
})

describe('the model hears of it when all of it is there', () => {
  test.each([
    ['the name comes last', `{"messages":["${filling}"],"model":"m"}`, `{"messages":["${filling}"],"model":"m"}`],
    ['parameters are set in it', json('filtered'), json('filtered', ',"top_k":1')],
    ['it may be asked of several', json('either'), json('m')],
  ])('if %s', async (_what, body, expected) => {
    const client = await beginLong(body.length)
    const answer = text(client)
    client.write(body.slice(0, -'"m"}'.length))
    // Another one that is on its way from its beginning overtakes it.
    const other = await beginLong(body.length)
    other.write(json('m').slice(0, 300_000))
    const { socket } = await reached()
    other.destroy()
    await until('the other one is gone', () => socket.destroyed)
    expect(model.parts).toHaveLength(1)
    client.write(body.slice(-'"m"}'.length))
    await until(
      'all of it is there',
      () => model.parts.length === 2 && bodyOf(model.parts[1]!).length === expected.length,
    )
    model.parts[1]!.socket.write(ok)
    expect(await answer).toMatch(/ok$/)
    expect(bodyOf(model.parts[1]!).toString() === expected).toBe(true)
  })

  test('if it is small', async () => {
    const body = '{"model":"m"}'
    model.onConnection = ({ socket }) => socket.write(ok)
    const client = await beginChunked()
    const answer = text(client)
    for (const sign of body) client.write(inChunk(sign))
    client.write('0\r\n\r\n')
    expect(await answer).toMatch(/ok$/)
    expect(bodyOf(model.parts[0]!).toString()).toBe(body)
  })
})

test('a slow model holds the client back, and loses nothing', async () => {
  model.onConnection = ({ socket }) => socket.pause()
  const start = '{"model":"m","a":"'
  const size = 48 * mib
  const client = await beginLong(start.length + size + 2)
  const answer = text(client)
  client.write(start)
  let given = 0
  const give = () => {
    while (given < size) {
      given += mib
      if (!client.write(filling)) {
        client.once('drain', give)
        return
      }
    }
    client.write('"}')
  }
  give()
  await until('the model is connected', () => model.parts.length === 1)
  expect(await untilHeldBack('the client is held back', () => given)).toBeLessThan(size / 2)
  const { socket } = model.parts[0]!
  socket.resume()
  await until('all of it is there', () => socket.bytesRead > size)
  socket.write(ok)
  expect(await answer).toMatch(/ok$/)
})

describe('in the middle of a body', () => {
  const body = json('m')

  test('a client that leaves ends the request at the model', async () => {
    const client = await beginLong(body.length)
    client.write(body.slice(0, 300_000))
    const { socket } = await reached()
    expect(hotseat.leasesOf('m')).toBe(1)
    client.destroy()
    await until('the model sees it', () => socket.destroyed)
  })

  test('an answer is passed on, and the client can go on', async () => {
    const client = await beginLong(body.length, keepAlive)
    const said = listening(client)
    client.write(body.slice(0, 300_000))
    const { socket } = await reached()
    socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno')
    await until('it is refused', () => said().endsWith('no'))
    client.write(`${body.slice(300_000)}GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    await once(client, 'close')
    expect(said()).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[\s\S]*\r\n\r\nnoHTTP\/1.1 200 OK\r\n[\s\S]*OK$/)
  })

  test('a model that breaks off is a 502, and the client can go on', async () => {
    const client = await beginLong(body.length, keepAlive)
    const said = listening(client)
    client.write(body.slice(0, 300_000))
    const { socket } = await reached()
    socket.destroy()
    await until('it is told', () => said().includes('bad_gateway'))
    expect(model.parts).toHaveLength(1)
    client.write(`${body.slice(300_000)}GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    await once(client, 'close')
    expect(said()).toMatch(/^HTTP\/1.1 502 [\s\S]*HTTP\/1.1 200 OK\r\n/)
  })

  test('a name that nobody knows is refused, and the client can go on', async () => {
    const unknown = json('unknown')
    const client = await beginLong(unknown.length, keepAlive)
    const said = listening(client)
    client.write(unknown.slice(0, 300_000))
    await until('it is refused', () => said().includes('not_found'))
    client.write(`${unknown.slice(300_000)}GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    await once(client, 'close')
    expect(said()).toMatch(/^HTTP\/1.1 404 [\s\S]*HTTP\/1.1 200 OK\r\n/)
    expect(model.parts).toHaveLength(0)
  })

  test.each([
    ['a text that is no JSON', `${body.slice(0, 400_000)}"}`, body.length],
    ['a text that ends too early', body.slice(0, -1), body.length - 1],
    ['text behind the end', `${body} x`, body.length + 2],
  ])('%s is a 400, and the model never has all of it', async (_what, bytes, length) => {
    const client = await beginLong(length)
    const said = listening(client)
    client.write(bytes.slice(0, 300_000))
    const { socket } = await reached()
    client.write(bytes.slice(300_000))
    await until('it is refused', () => said().includes('invalid_json'))
    expect(errorIn(said())).toEqual([400, 'invalid_json'])
    await until('the model is cut off', () => socket.destroyed)
    expect(bodyOf(model.parts[0]!).length).toBeLessThan(length)
    client.destroy()
  })

  test.each<[string, string, Sent, string]>([
    ['JSON', body.slice(0, -1), {}, 'invalid_json'],
    ['a form', `${part('model', 'm')}${part('file', filling)}`, multipart, 'bad_request'],
  ])(
    'chunks that end before %s does are a 400, and the model never hears of their end',
    async (_what, bytes, sent, code) => {
      const client = await beginChunked(sent)
      const answer = text(client)
      client.write(inChunk(bytes.slice(0, 300_000)))
      const { socket, received } = await reached()
      client.write(`${inChunk(bytes.slice(300_000))}0\r\n\r\n`)
      expect(errorIn(await answer)).toEqual([400, code])
      await until('the model is cut off', () => socket.destroyed)
      expect(received().toString('latin1')).not.toMatch(/\r\n0\r\n/)
    },
  )

  test('broken JSON behind the beginning of an answer cuts the answer', async () => {
    const client = await beginLong(body.length)
    const said = listening(client)
    client.write(body.slice(0, 300_000))
    const { socket } = await reached()
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')
    await until('it has begun', () => said().endsWith('half'))
    client.write('"}')
    await once(client, 'close')
    expect(said()).toMatch(/half$/)
    await until('the model is cut off', () => socket.destroyed)
  })

  test('more than the limit is a 413, and the model is cut off; who does not stop is cut off as well', async () => {
    const client = await beginChunked(keepAlive)
    const said = listening(client)
    client.write(inChunk('{"model":"m","a":"'))
    const give = () => {
      while (!client.destroyed && client.write(inChunk(filling)));
    }
    client.on('drain', give)
    give()
    const { socket } = await reached()
    await until('it is refused', () => said().includes('body_too_large'))
    expect(errorIn(said())).toEqual([413, 'body_too_large'])
    await until('the model is cut off', () => socket.destroyed)
    await until('the client is cut off', () => client.destroyed)
  })

  test('more than the limit that is announced is refused before any of it is read', async () => {
    const client = await beginLong(65 * mib)
    expect(errorIn(await text(client))).toEqual([413, 'body_too_large'])
    expect(model.parts).toHaveLength(0)
  })
})

describe('while its model loads', () => {
  const body = json('slow')
  const isWaiting = () => hotseat.running.server.inflight.list().length === 1

  test.each([300_000, body.length])('a client that leaves after %d bytes is not waited for', async (sent) => {
    const client = await beginLong(body.length)
    client.write(body.slice(0, sent))
    await until('it waits', isWaiting)
    client.destroy()
    await until('it has gone', () => !isWaiting())
  })

  test('it can be cancelled', async () => {
    const client = await beginLong(body.length)
    const said = listening(client)
    client.write(body.slice(0, 300_000))
    await until('it waits', isWaiting)
    const [waiting] = hotseat.running.server.inflight.list()
    await hotseat.post(`/api/inflight/${waiting!.id}/cancel`, '')
    await until('it is told', () => said().includes('cancelled'))
    expect(errorIn(said())).toEqual([503, 'cancelled'])
    client.destroy()
  })

  test('broken JSON is found', async () => {
    const client = await beginLong(body.length)
    const said = listening(client)
    client.write(body.slice(0, 300_000))
    await until('it waits', isWaiting)
    client.write('"}')
    await until('it is told', () => said().includes('invalid_json'))
    await until('it has gone', () => !isWaiting())
    client.destroy()
  })

  test('a client that streams hears of it, and the rest of its body still goes to the model', async () => {
    model.isLoaded = false
    const streaming = `{"model":"told","stream":true,"a":"${filling}"}`
    const client = await beginLong(streaming.length)
    const said = listening(client)
    client.write(streaming.slice(0, 300_000))
    await until('it is told', () => said().includes('loading model: told'))
    model.isLoaded = true
    const { socket } = await reached()
    client.write(streaming.slice(300_000))
    await until('all of it is there', () => bodyOf(model.parts[0]!).length === streaming.length)
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n')
    await once(client, 'close')
    expect(said()).toMatch(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/)
  })

  test('a body that comes to its end is sent as a whole', async () => {
    await hotseat.post('/api/models/unload/told', {})
    model.isLoaded = false
    const whole = json('told', ',"stream":false')
    const client = await beginChunked()
    const answer = text(client)
    client.write(`${inChunk(whole)}0\r\n\r\n`)
    await until('it waits', isWaiting)
    model.isLoaded = true
    const { socket, received } = await reached()
    await until('all of it is there', () => bodyOf(model.parts[0]!).length === whole.length)
    expect(received().toString()).toContain(`\r\nContent-Length: ${whole.length}\r\n`)
    socket.write(ok)
    expect(await answer).toMatch(/ok$/)
  })
})
