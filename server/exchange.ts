import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { sendError } from './envelope.ts'

/** One request and its answer, as Node's own streams: Hono finds the route, and the bytes never leave the sockets' side. */
export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Still percent-encoded. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** Aborts when the client has left before its answer was complete. */
  readonly signal: AbortSignal
}

export type Handler = (exchange: Exchange) => void | Promise<void>

/** Mounts a handler that writes its own answer. What it throws becomes the answer (`envelope.ts`). */
export function exchange(handler: Handler) {
  return async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    const { incoming, outgoing } = c.env as { incoming: IncomingMessage; outgoing: ServerResponse }
    const departure = new AbortController()
    outgoing.once('close', () => departure.abort())
    const url = incoming.url ?? '/'
    const mark = url.indexOf('?')
    const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
    try {
      await handler({ incoming, outgoing, path, query, signal: departure.signal })
    } catch (error) {
      if (!outgoing.destroyed) sendError(incoming, outgoing, error)
    }
    return RESPONSE_ALREADY_SENT
  }
}

/** Answers with JSON. */
export function sendJson({ incoming, outgoing }: Exchange, value: unknown, status = 200): void {
  send(incoming, outgoing, status, 'application/json', JSON.stringify(value))
}

/** Answers with plain text. */
export function sendText({ incoming, outgoing }: Exchange, text: string | Buffer, status = 200): void {
  send(incoming, outgoing, status, 'text/plain; charset=utf-8', text)
}

function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) })
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}
