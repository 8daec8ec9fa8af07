import type { IncomingMessage } from 'node:http'
import type { Body } from '../body/body.ts'
import { sizeOf } from '../body/pieces.ts'
import type { Upload } from '../body/upload.ts'
import { upstreamFailed } from '../errors.ts'
import { type RequestFraming, requestHead } from './headers.ts'
import type { Connection } from './http1/connection.ts'
import { free } from './http1/free.ts'
import type { Outcome, Reception, Recipient } from './reception.ts'
import { Relay } from './relay.ts'
import { sinkOf } from './sink.ts'
import type { Upstream } from './upstream.ts'

/** A client's request, on its way to one model. */
export interface Forwarded extends Recipient {
  readonly incoming: IncomingMessage
  /** Path and query at the upstream. */
  readonly path: string
  readonly body: Body
  /** Headers that do not leave, in lower case. */
  readonly withheld: readonly string[]
  /** After how much silence a stream of events is told that it lives. 15 s unless it is given. */
  readonly heartbeatMs?: number | undefined
  /** Gets the answer instead of the client, to which it is passed on as it is otherwise. */
  readonly receive?: ((connection: Connection, recipient: Recipient) => Reception) | undefined
}

/** An upstream gave an answer for which somebody else shall be asked. */
export class DeclinedError extends Error {
  override readonly name = 'DeclinedError'
  readonly status: number

  constructor(status: number) {
    super(`the answer was ${status}`)
    this.status = status
  }
}

/**
 * Sends the request on and its answer back, byte for byte, each as it comes: neither a web `Response` nor a stream stands
 * between the two sockets. Settles when nothing of the exchange is left.
 *
 * - A slow client holds the upstream back; a client that leaves ends it.
 * - An upstream that dies before its head is an error; after it, the client's connection is cut, never ended as if complete.
 * - A kept-alive connection that the upstream closed just then is replaced once, if not a byte of an answer was seen.
 *
 * @throws ApiError 502 or 504 before the head, the reason of the departure, and DeclinedError
 */
export async function forward(upstream: Upstream, request: Forwarded): Promise<void> {
  const { incoming, path, body, withheld, departure } = request
  if (departure.reason) throw departure.reason
  const { pool, basePath } = upstream
  const head = requestHead(incoming, basePath + path, upstream, framingOf(body, incoming.method), withheld)
  if (body.type === 'streamed') {
    // What can be sent only once gets a connection that nobody can have closed meanwhile.
    settle(await stream(pool.open(), head, request, body.upload), upstream)
    return
  }
  const pieces = body.type === 'whole' ? body.pieces : []
  const first = await send(pool.take(), head, request, pieces)
  if (first.type !== 'failed' || !first.isStale) {
    settle(first, upstream)
    return
  }
  const second = await send(pool.open(), head, request, pieces)
  // If that fails as well, the first may have reached a process that has ended since, perhaps of this very request.
  settle(second.type === 'failed' ? first : second, upstream)
}

async function send(
  connection: Connection,
  head: string,
  request: Forwarded,
  pieces: readonly Buffer[],
): Promise<Outcome> {
  const reception = request.receive?.(connection, request) ?? new Relay(request, connection)
  connection.send(reception, head, pieces)
  const outcome = await reception.outcome
  if (outcome.type === 'passed on' && connection.isFlushed) pieces.forEach(free)
  return outcome
}

/** Nothing of the body is given away until somebody has accepted the connection: if nobody does, it can be sent again. */
async function stream(connection: Connection, head: string, request: Forwarded, upload: Upload): Promise<Outcome> {
  const reception = request.receive?.(connection, request) ?? new Relay(request, connection)
  const isChunked = upload.length === null
  connection.begin(reception, head)
  connection.onConnect(() => upload.pour(sinkOf(connection, isChunked)))
  const outcome = await reception.outcome
  // The answer is complete, or will not come.
  if (!upload.isIntact) upload[Symbol.dispose]()
  return outcome
}

/** @throws what the outcome means for who asked */
export function settle(outcome: Outcome, upstream: Upstream): void {
  switch (outcome.type) {
    case 'passed on':
      return
    case 'aborted':
      throw outcome.reason
    case 'failed':
      throw upstreamFailed(upstream, outcome.error)
    case 'declined':
      throw new DeclinedError(outcome.status)
  }
}

function framingOf(body: Body, method = 'GET'): RequestFraming {
  const length = lengthOf(body)
  if (length === null) return { type: 'chunked' }
  return length > 0 || method === 'POST' ? { type: 'length', length } : { type: 'none' }
}

/** Null when nobody knows yet. */
function lengthOf(body: Body): number | null {
  switch (body.type) {
    case 'none':
      return 0
    case 'whole':
      return sizeOf(body.pieces)
    case 'streamed':
      return body.upload.length
  }
}
