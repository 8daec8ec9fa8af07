import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { open } from '../support/raw.ts'
import { until } from '../support/until.ts'

/* What a shutdown lets finish, and what it refuses (server §1.5, §10.8, scheduling §8). */

let far: Hotseat

beforeAll(async () => {
  far = await startHotseat({ big: upstream() })
})

afterAll(() => far[Symbol.asyncDispose]())

const startNear = () => startHotseat({ own: upstream() }, `peers: {far: {proxy: "${far.url}", models: [big]}}`)

function request(model: string, fields: object): string {
  const body = JSON.stringify({ model, ...fields })
  return `POST ${chat} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

interface Talk {
  readonly socket: Socket
  seen(): string
  readonly ended: Promise<unknown>
}

/** Begins a stream and waits for its first words. */
async function begin(hotseat: Hotseat, model: string, fields: object): Promise<Talk> {
  const socket = await open(hotseat.url)
  let seen = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk))
  socket.on('error', () => {})
  const ended = once(socket, 'close')
  socket.write(request(model, { stream: true, ...fields }))
  await until('it streams', () => seen.includes('data: '))
  return { socket, seen: () => seen, ended }
}

const leases = () => far.leasesOf('big')

describe('a shutdown', () => {
  test.each(['own', 'far/big'])('lets a response of %s finish, and admits nothing more', async (model) => {
    const near = await startNear()
    const talk = await begin(near, model, { chunks: 20, chunkMs: 20 })
    const stopping = near[Symbol.asyncDispose]()
    talk.socket.write(request('far/big', {}) + request('own', {}))
    talk.socket.write('GET /upstream/far/big/upstream/big/x HTTP/1.1\r\nHost: x\r\n\r\n')
    await stopping
    await talk.ended
    const [stream = '', ...refused] = talk.seen().split(/(?=HTTP\/1\.1 )/)
    expect(stream).toContain('[DONE]')
    expect(refused).toHaveLength(3)
    for (const answer of refused) expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]+"code":"shutting_down"/)
    await expect(near.get('/health')).rejects.toThrow()
  })

  test.each(['own', 'far/big'])('cuts what %s does not finish within its budget, visibly', async (model) => {
    const near = await startNear()
    const talk = await begin(near, model, { chunks: 1_000, chunkMs: 20 })
    await near.running.stop(200)
    await talk.ended
    expect(talk.seen()).toContain('"error":')
    expect(talk.seen()).not.toMatch(/\[DONE\]|\r\n0\r\n\r\n$/)
    await until('the peer is let go', () => leases() === 0)
  })

  test("ends a WebSocket of a peer's model with its budget", async () => {
    const near = await startNear()
    const socket = new WebSocket(`${near.url.replace('http', 'ws')}/upstream/far/big/upstream/big/ws`)
    await once(socket, 'open')
    await Promise.all([near.running.stop(100), once(socket, 'close')])
    await until('the peer is let go', () => leases() === 0)
  })
})
