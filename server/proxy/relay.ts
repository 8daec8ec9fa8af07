import type { IncomingMessage } from 'node:http'
import { errorEvent } from '../envelope.ts'
import { ApiError, upstreamBroke } from '../errors.ts'
import type { Forwarded } from './forward.ts'
import { responseFields } from './headers.ts'
import { Heartbeat, heartbeat } from './heartbeat.ts'
import type { Connection, Failure } from './http1/connection.ts'
import type { Head } from './http1/head.ts'
import { type Outcome, Reception } from './reception.ts'

/** Passes an answer on to the client as it comes. */
export class Relay extends Reception {
  readonly #incoming: IncomingMessage
  readonly #more: readonly string[]
  /** Who speaks HTTP/1.1 gets chunks as the upstream framed them; anybody else gets the bytes in whatever way Node has. */
  readonly #takesChunks: boolean
  #isFramed = false
  /**
   * The last bytes of a body with a length, mostly all of it. They leave at the end of this turn of the event loop, as what is
   * asked of models does (`Desk`): answers that follow one another closely wake their clients once, not each for itself.
   */
  #last: { readonly bytes: Buffer; readonly written: (() => void) | undefined } | undefined
  #isEventStream = false
  readonly #heartbeatMs: number | undefined
  #heartbeat: Heartbeat | undefined

  constructor(request: Forwarded, connection: Connection) {
    const { incoming, fields, heartbeatMs } = request
    super(incoming.method ?? 'GET', request, connection)
    this.#incoming = incoming
    this.#more = fields ?? noFields
    this.#heartbeatMs = heartbeatMs
    this.#takesChunks = incoming.httpVersion === '1.1'
  }

  informed({ status, reason, fields }: Head): void {
    // `100 Continue` was said to the client as it asked for it.
    if (status === 100 || !this.#takesChunks) return
    let head = `HTTP/1.1 ${status} ${reason}\r\n`
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
    // Where requests are pipelined and it is not this one's turn, there is no socket.
    this.outgoing.socket?.write(`${head}\r\n`, 'latin1')
  }

  head(head: Head): boolean {
    if (this.declined(head.status)) return false
    const { outgoing } = this
    const { fields, isEventStream } = responseFields(head)
    this.#isEventStream = isEventStream
    this.#isFramed = this.#takesChunks && head.framing.type === 'chunked'
    fields.push(...this.#more)
    if (this.#isFramed) fields.push('Transfer-Encoding', 'chunked')
    outgoing.writeHead(head.status, head.reason, fields)
    // The chunks are there already: Node shall not put chunks around them.
    if (this.#isFramed) outgoing.chunkedEncoding = false
    if (head.framing.type !== 'length') outgoing.flushHeaders()
    if (isEventStream) this.#heartbeat = new Heartbeat(() => this.#beat(), this.#heartbeatMs)
    return this.#isFramed
  }

  body(bytes: Buffer, isLast = false): void {
    if (this.isOver) return
    const { outgoing } = this
    const written = this.loan()
    if (isLast) {
      this.#last = { bytes, written }
      return
    }
    const takesMore = this.#isFramed ? outgoing.writeFramed(bytes, written) : outgoing.write(bytes, written)
    if (!takesMore) this.hold()
  }

  data(bytes: Buffer): void {
    if (this.#isFramed) this.outgoing.bodyBytes += bytes.length
    this.#heartbeat?.pass(bytes)
  }

  end(trailers: readonly string[]): void {
    if (this.isOver) return
    const { outgoing } = this
    if (this.#isFramed) outgoing.chunkedEncoding = true
    if (trailers.length > 0) outgoing.addTrailers(pairs(trailers))
    const last = this.#last
    if (last) setImmediate(() => outgoing.end(last.bytes, last.written))
    else outgoing.end()
    this.finish({ type: 'passed on' })
  }

  failed(error: Error, { isStale, isBetweenChunks }: Failure): void {
    const isBegun = this.outgoing.headersSent
    if (isBegun) this.#cut(error, isBetweenChunks)
    this.finish(isBegun ? { type: 'passed on' } : { type: 'failed', error, isStale })
  }

  protected aborted(reason: Error, isBetweenChunks: boolean): void {
    const isBegun = this.outgoing.headersSent
    if (isBegun) this.#cut(reason, isBetweenChunks)
    this.finish(isBegun ? { type: 'passed on' } : { type: 'aborted', reason })
  }

  protected override finish(outcome: Outcome): void {
    this.#heartbeat?.stop()
    super.finish(outcome)
  }

  /** A client that is slow has enough to read. */
  #beat(): void {
    const { outgoing } = this
    if (outgoing.writableNeedDrain || !this.isBetweenChunks) return
    if (this.#isFramed) outgoing.writeFramed(Buffer.from(`${heartbeat.length.toString(16)}\r\n${heartbeat}\r\n`))
    else outgoing.write(heartbeat)
  }

  /** Ends an answer so that the client sees the failure: an event stream says why, then the connection breaks. */
  #cut(error: Error, isBetweenChunks: boolean): void {
    const { outgoing } = this
    if (outgoing.destroyed || !this.#isEventStream || !isBetweenChunks) {
      outgoing.destroy()
      return
    }
    if (this.#isFramed) outgoing.chunkedEncoding = true
    const told = error instanceof ApiError ? error : upstreamBroke(error)
    outgoing.write(`\n\n${errorEvent(told, this.#incoming.url ?? '')}`, () => outgoing.destroy())
  }
}

const noFields: readonly string[] = []

function pairs(fields: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i < fields.length; i += 2) list.push([fields[i]!, fields[i + 1]!])
  return list
}
