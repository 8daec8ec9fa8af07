import type { IncomingMessage } from 'node:http'
import type { Caller } from '../auth/caller.ts'
import type { Departure } from '../departure.ts'
import type { Answer } from './answer.ts'

/** One request and its answer, as Node's own streams: the bytes never leave the sockets' side. */
export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: Answer
  /** Still percent-encoded. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** What stands for the `{name}` of the route's path, still percent-encoded; empty when it has none. */
  readonly argument: string
  readonly caller: Caller
  /**
   * Ends when the client leaves before its answer is complete, and when somebody ends it from outside: then the reason, an
   * `ApiError`, becomes the answer as long as none has begun.
   */
  readonly departure: Departure
}

/** Answers with JSON. */
export function sendJson({ incoming, outgoing }: Exchange, value: unknown, status = 200): void {
  send(incoming, outgoing, status, 'application/json', JSON.stringify(value))
}

/** Answers with plain text. */
export function sendText({ incoming, outgoing }: Exchange, text: string | Buffer, status = 200): void {
  send(incoming, outgoing, status, 'text/plain; charset=utf-8', text)
}

/** Answers with the text of another type. */
export function sendAs({ incoming, outgoing }: Exchange, type: string, text: string): void {
  send(incoming, outgoing, 200, type, text)
}

/** Sends the client elsewhere. */
export function redirect(
  { outgoing }: Pick<Exchange, 'outgoing'>,
  status: 301 | 302 | 307 | 308,
  location: string,
): void {
  outgoing.writeHead(status, { Location: location, 'Content-Length': 0 }).end()
}

function send(incoming: IncomingMessage, outgoing: Answer, status: number, type: string, body: string | Buffer): void {
  outgoing.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}
