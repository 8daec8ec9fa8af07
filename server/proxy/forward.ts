import type { IncomingMessage } from 'node:http'
import { upstreamFailed } from '../errors.ts'
import { type RequestFraming, requestHead } from './headers.ts'
import type { Connection } from './http1/connection.ts'
import type { Outcome, Reception, Recipient } from './reception.ts'
import { Relay } from './relay.ts'
import { sendBody } from './upload.ts'
import type { Upstream } from './upstream.ts'

/** A client's request, on its way to one model. */
export interface Forwarded extends Recipient {
  readonly incoming: IncomingMessage
  /** Path and query at the upstream. */
  readonly path: string
  /** The body when it was read whole; null to stream it as it comes. */
  readonly body: Buffer | null
  /** Headers that do not leave, in lower case. */
  readonly withheld: readonly string[]
  /** Hears of the answer's body as it passes, without its framing. Must neither hold it up nor keep the bytes. */
  readonly onData?: (bytes: Buffer) => void
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
  const framing = framingOf(request)
  const head = requestHead(incoming, basePath + path, upstream, framing, withheld)
  if (body === null && framing.type !== 'none') {
    // What streams can be sent only once: it gets a connection that nobody can have closed meanwhile.
    settle(await stream(pool.open(), head, request, framing), upstream)
    return
  }
  const first = await send(pool.take(), head, request)
  if (first.type !== 'failed' || !first.isStale) {
    settle(first, upstream)
    return
  }
  const second = await send(pool.open(), head, request)
  // If that fails as well, the first may have reached a process that has ended since, perhaps of this very request.
  settle(second.type === 'failed' ? first : second, upstream)
}

function send(connection: Connection, head: string, request: Forwarded): Promise<Outcome> {
  const reception = request.receive?.(connection, request) ?? new Relay(request, connection)
  connection.send(reception, head, request.body)
  return reception.outcome
}

async function stream(
  connection: Connection,
  head: string,
  request: Forwarded,
  framing: RequestFraming,
): Promise<Outcome> {
  const reception = request.receive?.(connection, request) ?? new Relay(request, connection)
  connection.begin(reception, head)
  const stop = sendBody(request.incoming, connection, framing.type === 'chunked')
  const outcome = await reception.outcome
  stop()
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

/** A body that was read whole has a length; one that is streamed goes as it came. */
function framingOf({ incoming: { headers, method }, body }: Forwarded): RequestFraming {
  if (body !== null)
    return body.length > 0 || method === 'POST' ? { type: 'length', length: body.length } : { type: 'none' }
  if (headers['transfer-encoding'] !== undefined) return { type: 'chunked' }
  const length = Number(headers['content-length'] ?? 0)
  return length > 0 || method === 'POST' ? { type: 'length', length } : { type: 'none' }
}
