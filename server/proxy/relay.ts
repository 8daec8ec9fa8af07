import type { Departure } from '../departure.ts'
import { ApiError } from '../errors.ts'
import type { Answer } from '../http/answer.ts'
import type { Forwarded } from './forward.ts'
import { responseFields } from './headers.ts'
import type { Connection, Exchange, Failure } from './http1/connection.ts'
import type { Head } from './http1/head.ts'

/** How an attempt to get an answer for the client came out. */
export type Outcome =
  /** Nothing is left to do: it was passed on, or cut where it broke. */
  | { readonly type: 'passed on' }
  /** Nothing was passed on, and nobody waits for it any more. */
  | { readonly type: 'aborted'; readonly reason: Error }
  /** Nothing was passed on. */
  | { readonly type: 'failed'; readonly error: Error; readonly isStale: boolean }

/** Passes an answer on to the client as it comes, and holds the upstream back while the client is slow. */
export class Relay implements Exchange {
  readonly method: string
  readonly outcome: Promise<Outcome>
  readonly #outgoing: Answer
  readonly #departure: Departure
  readonly #onData: ((bytes: Buffer) => void) | undefined
  readonly #connection: Connection
  readonly #settle: (outcome: Outcome) => void
  /** Who speaks HTTP/1.1 gets chunks as the upstream framed them; anybody else gets the bytes in whatever way Node has. */
  readonly #takesChunks: boolean
  #isFramed = false
  #isEventStream = false
  #isHeld = false

  constructor({ incoming, outgoing, departure, onData }: Forwarded, connection: Connection) {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.method = incoming.method ?? 'GET'
    this.outcome = promise
    this.#outgoing = outgoing
    this.#departure = departure
    this.#onData = onData
    this.#connection = connection
    this.#settle = resolve
    this.#takesChunks = incoming.httpVersion === '1.1'
    departure.onAbort((reason) => this.#abort(reason))
  }

  informed({ status, reason, fields }: Head): void {
    // `100 Continue` was said to the client as it asked for it.
    if (status === 100 || !this.#takesChunks) return
    let head = `HTTP/1.1 ${status} ${reason}\r\n`
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
    // Where requests are pipelined and it is not this one's turn, there is no socket.
    this.#outgoing.socket?.write(`${head}\r\n`, 'latin1')
  }

  head(head: Head): boolean {
    const outgoing = this.#outgoing
    const { fields, isEventStream } = responseFields(head)
    this.#isEventStream = isEventStream
    this.#isFramed = this.#takesChunks && head.framing.type === 'chunked'
    if (this.#isFramed) fields.push('Transfer-Encoding', 'chunked')
    outgoing.writeHead(head.status, head.reason, fields)
    // The chunks are there already: Node shall not put chunks around them.
    if (this.#isFramed) outgoing.chunkedEncoding = false
    if (head.framing.type !== 'length') outgoing.flushHeaders()
    return this.#isFramed
  }

  body(bytes: Buffer): void {
    const takesMore = this.#isFramed ? this.#outgoing.writeFramed(bytes) : this.#outgoing.write(bytes)
    if (takesMore || this.#isHeld) return
    this.#isHeld = true
    this.#connection.pause()
    this.#outgoing.once('drain', () => {
      if (this.#isHeld) this.#connection.resume()
      this.#isHeld = false
    })
  }

  data(bytes: Buffer): void {
    if (this.#isFramed) this.#outgoing.bodyBytes += bytes.length
    this.#onData?.(bytes)
  }

  end(trailers: readonly string[]): void {
    const outgoing = this.#outgoing
    if (this.#isFramed) outgoing.chunkedEncoding = true
    if (trailers.length > 0) outgoing.addTrailers(pairs(trailers))
    outgoing.end()
    this.#finish({ type: 'passed on' })
  }

  failed(error: Error, { isStale, isBetweenChunks }: Failure): void {
    const isBegun = this.#outgoing.headersSent
    if (isBegun) this.#cut(error, isBetweenChunks)
    this.#finish(isBegun ? { type: 'passed on' } : { type: 'failed', error, isStale })
  }

  #abort(reason: Error): void {
    const isBetweenChunks = this.#connection.destroy()
    const isBegun = this.#outgoing.headersSent
    if (isBegun) this.#cut(reason, isBetweenChunks)
    this.#finish(isBegun ? { type: 'passed on' } : { type: 'aborted', reason })
  }

  #finish(outcome: Outcome): void {
    this.#departure.onAbort(undefined)
    // The connection may carry another exchange from now on, which is not this client's to hold back.
    this.#isHeld = false
    this.#settle(outcome)
  }

  /** Ends an answer so that the client sees the failure: an event stream says why, then the connection breaks. */
  #cut(error: Error, isBetweenChunks: boolean): void {
    const outgoing = this.#outgoing
    if (outgoing.destroyed || !this.#isEventStream || !isBetweenChunks) {
      outgoing.destroy()
      return
    }
    if (this.#isFramed) outgoing.chunkedEncoding = true
    outgoing.write(`\n\ndata: ${JSON.stringify(eventOf(error))}\n\n`, () => outgoing.destroy())
  }
}

function eventOf(error: Error): object {
  const [message, code] =
    error instanceof ApiError
      ? [error.message, error.code]
      : [`The model's connection broke in the middle of its answer (${error.message}).`, 'upstream_broke']
  return { src: 'hotseat', error: { message, type: 'server_error', param: null, code } }
}

function pairs(fields: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i < fields.length; i += 2) list.push([fields[i]!, fields[i + 1]!])
  return list
}
