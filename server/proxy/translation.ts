import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser'
import type { Connection, Failure } from './http1/connection.ts'
import type { Head } from './http1/head.ts'
import { Reception, type Recipient } from './reception.ts'

/** An answer that reaches the client in other words: its events one by one, or what is no stream as a whole. */
export abstract class Translation extends Reception {
  readonly #mostBytes: number
  readonly #decoder = new TextDecoder()
  readonly #parser: EventSourceParser
  readonly #chunks: Buffer[] = []
  #size = 0
  #status = 0
  #isStream = false

  /** @param mostBytes of an answer that is no stream; what is longer is cut there */
  constructor(recipient: Recipient, connection: Connection, mostBytes: number) {
    super('POST', recipient, connection)
    this.#mostBytes = mostBytes
    this.#parser = createParser({ onEvent: (event) => this.event(event) })
  }

  /** The head has come. */
  protected abstract begin(isStream: boolean): void
  protected abstract event(event: EventSourceMessage): void
  /** The stream has come to its end. */
  protected abstract close(): void
  /** An answer that is no stream. */
  protected abstract whole(status: number, body: Buffer): void
  /** The answer broke off, or nobody waits for it any more. Something was passed on already. */
  protected abstract break(error: Error): void

  /** Whether anything was passed on, so that the outcome is what the client sees. */
  protected abstract get hasBegun(): boolean

  informed(): void {}

  head({ status, fields }: Head): boolean {
    if (this.declined(status)) return false
    const at = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
    this.#status = status
    this.#isStream = status === 200 && /text\/event-stream/i.test(fields[at + 1] ?? '')
    this.begin(this.#isStream)
    return false
  }

  body(bytes: Buffer): void {
    if (this.isOver) return
    if (this.#isStream) this.piece(bytes)
    else if (this.#size < this.#mostBytes) {
      this.#size += bytes.length
      this.#chunks.push(bytes)
    }
  }

  /** Bytes of a stream, however they are cut. */
  protected piece(bytes: Buffer): void {
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }))
  }

  end(): void {
    if (this.isOver) return
    if (this.#isStream) this.close()
    else this.whole(this.#status, Buffer.concat(this.#chunks).subarray(0, this.#mostBytes))
    this.outgoing.end()
    this.finish({ type: 'passed on' })
  }

  failed(error: Error, { isStale }: Failure): void {
    if (this.hasBegun) this.break(error)
    this.finish(this.hasBegun ? { type: 'passed on' } : { type: 'failed', error, isStale })
  }

  protected aborted(reason: Error): void {
    if (this.hasBegun) this.break(reason)
    this.finish(this.hasBegun ? { type: 'passed on' } : { type: 'aborted', reason })
  }

  protected write(text: string | Buffer): void {
    if (!this.isOver && !this.outgoing.write(text)) this.hold()
  }
}
