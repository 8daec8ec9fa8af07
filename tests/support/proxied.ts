import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Timeouts } from '../../config/timeouts.ts'
import { unread, whole } from '../../server/body/body.ts'
import { readPieces } from '../../server/body/read.ts'
import { Departure } from '../../server/departure.ts'
import { sendError } from '../../server/envelope.ts'
import { Answer } from '../../server/http/answer.ts'
import { forward } from '../../server/proxy/forward.ts'
import type { Origin } from '../../server/proxy/http1/origin.ts'
import { Pool } from '../../server/proxy/http1/pool.ts'
import type { Upstream } from '../../server/proxy/upstream.ts'

/** What the upstream does with its connection of this number, counted from 1. */
export type Script = (socket: Socket, connection: number) => void

export interface Proxied extends AsyncDisposable {
  readonly port: number
  /** Where the upstream listens, for whoever goes there by himself. */
  readonly upstreamPort: number
  /** How many connections the upstream has accepted. */
  connections(): number
  /** How many exchanges are under way. */
  underWay(): number
  /** Sends raw bytes and reads until the connection ends, however it does. */
  say(bytes: string): Promise<string>
}

interface Settings {
  readonly timeouts?: Partial<Timeouts> | undefined
  readonly isSecure?: boolean
  readonly proxy?: Origin['proxy']
  /** Streams the request's body instead of reading it whole. */
  readonly streams?: boolean
  readonly heartbeatMs?: number
}

const unlimited: Timeouts = {
  connectMs: 0,
  keepAliveMs: 0,
  responseHeaderMs: 0,
  tlsHandshakeMs: 0,
  expectContinueMs: 0,
  idleConnectionMs: 0,
}

/** The proxied path alone, in front of an upstream that is played by the test, byte by byte. */
export async function startProxied(
  script: Script,
  { timeouts, isSecure = false, proxy: forwardProxy = null, streams = false, heartbeatMs }: Settings = {},
  upstream: Server = createServer(),
): Promise<Proxied> {
  let accepted = 0
  const sockets = new Set<Socket>()
  upstream.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    script(socket, ++accepted)
  })
  const port = await listen(upstream)
  const target = upstreamAt(port, { isSecure, timeouts, proxy: forwardProxy })

  let underWay = 0
  const proxy = createHttpServer({ ServerResponse: Answer }, async (incoming, outgoing) => {
    underWay++
    const departure = new Departure(outgoing)
    try {
      const body = streams ? unread(incoming, departure) : whole(await readPieces(incoming, 2 ** 30))
      const path = incoming.url ?? '/'
      const request = { incoming, outgoing, path, body, withheld: [], departure, heartbeatMs }
      await forward(target, request)
    } catch (error) {
      if (!outgoing.destroyed) sendError(incoming, outgoing, error)
    } finally {
      underWay--
    }
  })
  const proxyPort = await listen(proxy)

  return {
    port: proxyPort,
    upstreamPort: port,
    connections: () => accepted,
    underWay: () => underWay,
    async say(bytes) {
      const socket = connect(proxyPort, '127.0.0.1')
      socket.write(bytes)
      let said = ''
      socket.setEncoding('latin1')
      socket.on('data', (part) => {
        said += part
      })
      socket.on('error', () => {})
      await once(socket, 'close')
      return said
    },
    async [Symbol.asyncDispose]() {
      target.pool.close()
      proxy.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await Promise.all([proxy, upstream].map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

/** What listens on this port, if anything does. */
export function upstreamAt(
  port: number,
  { isSecure = false, timeouts, proxy = null }: Pick<Settings, 'isSecure' | 'timeouts' | 'proxy'> = {},
): Upstream {
  const origin: Origin = { isSecure, hostname: 'localhost', port, proxy }
  const limits = { ...unlimited, ...timeouts }
  return {
    label: 'Model "m"',
    hint: '',
    origin,
    host: 'upstream',
    basePath: '/base',
    proxyAuthorization: null,
    pool: new Pool(origin, limits),
    timeouts: limits,
    remote: null,
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Answers each request on the connection, as soon as its head is there, with these bytes. */
export function answering(...answers: readonly string[]): Script {
  return (socket) => {
    let count = 0
    socket.on('data', (bytes) => {
      if (bytes.includes('HTTP/1.1\r\n')) socket.write(answers[count++ % answers.length]!, 'latin1')
    })
  }
}
