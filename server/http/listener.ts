import type { IncomingMessage, Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { http as builtin, loadHttps } from '../../process/builtins.ts'
import { envelope, sendError } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { speakHttp2 } from '../http2/sessions.ts'
import type { Tls } from '../tls.ts'
import { Answer } from './answer.ts'
import { listenForUpgrades } from './upgrade.ts'

export type HttpServer =
  | Server<typeof IncomingMessage, typeof Answer>
  | SecureServer<typeof IncomingMessage, typeof Answer>

/** What listens for clients. */
export interface Listener {
  readonly server: HttpServer
  /** Takes no more connections, closes those that rest, and every other when its answer has ended. */
  retire(): void
  /** Ends every connection. */
  cut(): void
}

/** Room for what browsers collect in cookies; the reference's 1 MiB would let a few idle connections fill the memory. */
const mostHeaderBytes = 256 * 1024

/** Longer than the proxies in front of a server keep a connection that rests, so that they never meet one that is just being closed. */
const idleMs = 120_000

export interface ListenerOptions {
  /** The head of a request must have come within this time. */
  readonly headersTimeoutMs: number
  /** Serves HTTPS when it is given, with HTTP/2 or HTTP/1.1 inside, as the client likes. */
  readonly tls?: Tls | undefined
}

/** The HTTP server. A model may think for an hour and a client be idle: no clock ends a request once its head is there. */
export function createListener(
  answer: (incoming: IncomingMessage, outgoing: Answer) => void,
  { headersTimeoutMs, tls }: ListenerOptions,
): Listener {
  const answers = new WeakMap<Socket, Answer>()
  const options = {
    ServerResponse: Answer,
    requestTimeout: 0,
    headersTimeout: headersTimeoutMs,
    // How often Node looks for heads that are late.
    connectionsCheckingInterval: Math.min(headersTimeoutMs, 30_000),
    keepAliveTimeout: idleMs,
    maxHeaderSize: mostHeaderBytes,
    noDelay: true,
    // Asked for below, so that the answer says what is missing.
    requireHostHeader: false,
  }
  const listen = (incoming: IncomingMessage, outgoing: Answer) => {
    answers.set(incoming.socket, outgoing)
    if (incoming.headers.host === undefined && incoming.httpVersion === '1.1') sendError(incoming, outgoing, noHost())
    else answer(incoming, outgoing)
  }
  const https = tls && loadHttps().createServer({ ...options, ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, listen)
  const http2 = https && speakHttp2(https, { idleMs, mostHeaderBytes })
  const http = https ?? builtin.createServer(options, listen)
  listenForUpgrades(http)
  // Whatever else a client expects, it gets an answer.
  http.on('checkExpectation', (incoming: IncomingMessage, outgoing: Answer) => http.emit('request', incoming, outgoing))
  http.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const current = answers.get(socket)
    const isMidAnswer = current?.headersSent && !current.writableFinished
    // An answer that has begun must not go on with another one.
    if (!socket.writable || isMidAnswer) socket.destroy()
    else socket.end(rawAnswer(refuse(error)), () => socket.destroy())
  })
  return {
    server: http,
    retire() {
      http.close()
      http.closeIdleConnections()
      http2?.retire()
    },
    cut() {
      http.closeAllConnections()
      http2?.cut()
    },
  }
}

function noHost(): ApiError {
  return new ApiError('bad_request', 'The request has no Host, without which it is none of HTTP/1.1.')
}

/** What to say to bytes that are no request. */
function refuse(error: NodeJS.ErrnoException & { readonly reason?: string }): ApiError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('headers_too_large', `The head of the request is larger than ${mostHeaderBytes / 1024} KiB.`)
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('request_timeout', 'The head of the request did not come to its end in time.')
    default:
      return new ApiError('bad_request', `This is not an HTTP request: ${error.reason ?? error.message}.`)
  }
}

function rawAnswer(error: ApiError): string {
  const body = JSON.stringify(envelope(error, ''))
  const head = [
    `HTTP/1.1 ${error.status} ${builtin.STATUS_CODES[error.status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
