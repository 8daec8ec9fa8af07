import type { ServerHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { Server, TLSSocket } from 'node:tls'
import { loadHttp2 } from '../../process/builtins.ts'
import { carry } from './gateway.ts'

export interface Http2Limits {
  /** A connection that has been silent for so long, and carries no exchange, is closed. */
  readonly idleMs: number
  /** Of the head of a request. */
  readonly mostHeaderBytes: number
}

/** More at once from one client is none that means well; HTTP/1.1 has as many connections as a client likes. */
const mostStreams = 256
/** So that all of them together can be read slowly: a stream holds some 64 KiB for its client. */
const mostMemoryMb = 32

/** The connections of the clients that speak HTTP/2. */
export class Http2Sessions {
  readonly #limits: Http2Limits
  readonly #accept: (connection: Duplex) => void
  readonly #open = new Set<ServerHttp2Session>()

  /** @param accept serves a connection that speaks HTTP/1.1 */
  constructor(limits: Http2Limits, accept: (connection: Duplex) => void) {
    this.#limits = limits
    this.#accept = accept
  }

  welcome(socket: TLSSocket): void {
    const { idleMs, mostHeaderBytes } = this.#limits
    const session = loadHttp2().performServerHandshake(socket, {
      settings: { maxConcurrentStreams: mostStreams, maxHeaderListSize: mostHeaderBytes },
      maxSessionMemory: mostMemoryMb,
    })
    let streams = 0
    session.on('stream', (stream, _headers, _flags, rawHeaders) => {
      streams++
      stream.once('close', () => streams--)
      carry(stream, rawHeaders, socket, this.#accept)
    })
    session.setTimeout(idleMs)
    session.on('timeout', () => {
      if (streams === 0) session.close()
    })
    // What is wrong with a connection concerns nobody but its client, who sees it end.
    session.on('error', () => {})
    session.once('close', () => this.#open.delete(session))
    this.#open.add(session)
  }

  /** Takes no more requests, and closes each connection when its last answer has ended. */
  retire(): void {
    for (const session of this.#open) session.close()
  }

  cut(): void {
    for (const session of this.#open) session.destroy()
  }
}

/**
 * Lets a server of HTTPS speak HTTP/2 with the clients that agree on it in the TLS handshake; for that its `ALPNProtocols`
 * name `h2`. All others are served as before.
 */
export function speakHttp2(https: Server, limits: Http2Limits): Http2Sessions {
  const listeners = https.listeners('secureConnection') as ((this: Server, connection: Duplex) => void)[]
  const speakHttp1 = (connection: Duplex) => {
    for (const listener of listeners) listener.call(https, connection)
  }
  const sessions = new Http2Sessions(limits, speakHttp1)
  https.removeAllListeners('secureConnection')
  https.on('secureConnection', (socket) => {
    if (socket.alpnProtocol === 'h2') sessions.welcome(socket)
    else speakHttp1(socket)
  })
  return sessions
}
