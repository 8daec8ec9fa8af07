import type { IncomingMessage } from 'node:http'
import type { Departure } from '../departure.ts'
import { upstreamFailed } from '../errors.ts'
import type { Answer } from '../http/answer.ts'
import { type RequestFraming, requestHead } from './headers.ts'
import type { Connection } from './http1/connection.ts'
import { type Outcome, Relay } from './relay.ts'
import { sendBody } from './upload.ts'
import type { Upstream } from './upstream.ts'

/** A client's request, on its way to one model. */
export interface Forwarded {
  readonly incoming: IncomingMessage
  readonly outgoing: Answer
  /** Path and query at the upstream. */
  readonly path: string
  /** The body when it was read whole; null to stream it as it comes. */
  readonly body: Buffer | null
  /** Headers that do not leave, in lower case. */
  readonly withheld: readonly string[]
  /** Ends it when the client leaves, or with the `ApiError` that is to be its answer. */
  readonly departure: Departure
  /** Hears of the answer's body as it passes, without its framing. Must not hold it up. */
  readonly onData?: (bytes: Buffer) => void
}

/**
 * Sends the request on and its answer back, byte for byte, each as it comes: neither a web `Response` nor a stream stands
 * between the two sockets. Settles when nothing of the exchange is left.
 *
 * - A slow client holds the upstream back; a client that leaves ends it.
 * - An upstream that dies before its head is an error; after it, the client's connection is cut, never ended as if complete.
 * - A kept-alive connection that the upstream closed just then is replaced once, if not a byte of an answer was seen.
 *
 * @throws ApiError 502 or 504 before the head, and the reason of the departure.
 */
export async function forward(upstream: Upstream, request: Forwarded): Promise<void> {
  const { incoming, path, body, withheld, departure } = request
  if (departure.reason) throw departure.reason
  const { pool, basePath, host, model } = upstream
  const framing = framingOf(request)
  const head = requestHead(incoming, basePath + path, host, framing, withheld)
  if (body === null && framing.type !== 'none') {
    // What streams can be sent only once: it gets a connection that nobody can have closed meanwhile.
    settle(await stream(pool.open(), head, request, framing), model)
    return
  }
  const first = await send(pool.take(), head, request)
  if (first.type !== 'failed' || !first.isStale) {
    settle(first, model)
    return
  }
  const second = await send(pool.open(), head, request)
  // If that fails as well, the first may have reached a process that has ended since, perhaps of this very request.
  settle(second.type === 'failed' ? first : second, model)
}

function send(connection: Connection, head: string, request: Forwarded): Promise<Outcome> {
  const relay = new Relay(request, connection)
  connection.send(relay, head, request.body)
  return relay.outcome
}

async function stream(
  connection: Connection,
  head: string,
  request: Forwarded,
  framing: RequestFraming,
): Promise<Outcome> {
  const relay = new Relay(request, connection)
  connection.begin(relay, head)
  const stop = sendBody(request.incoming, connection, framing.type === 'chunked')
  const outcome = await relay.outcome
  stop()
  return outcome
}

function settle(outcome: Outcome, model: string): void {
  switch (outcome.type) {
    case 'passed on':
      return
    case 'aborted':
      throw outcome.reason
    case 'failed':
      throw upstreamFailed(model, outcome.error)
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
