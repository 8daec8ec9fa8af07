import type { ServerHttp2Stream } from 'node:http2'
import type { Connection, Exchange } from '../proxy/http1/connection.ts'
import type { Head } from '../proxy/http1/head.ts'
import { resetCodes } from './codes.ts'
import { headersOf } from './heads.ts'

/** Gives the answer to a stream, as it comes: a client that is slow holds it back. */
export class StreamAnswer implements Exchange {
  readonly method: string
  readonly #stream: ServerHttp2Stream
  readonly #connection: Connection
  #isHeld = false

  constructor(method: string, stream: ServerHttp2Stream, connection: Connection) {
    this.method = method
    this.#stream = stream
    this.#connection = connection
  }

  informed({ status, fields }: Head): void {
    if (this.#isOpen) this.#stream.additionalHeaders({ ...headersOf(fields), ':status': status })
  }

  head({ status, fields, framing }: Head): boolean {
    if (!this.#isOpen) return false
    const headers = { ...headersOf(fields), ':status': status }
    this.#stream.respond(headers, { endStream: framing.type === 'none', waitForTrailers: framing.type === 'chunked' })
    return false
  }

  body(bytes: Buffer): void {
    if (!this.#isOpen || this.#stream.write(bytes) || this.#isHeld) return
    this.#isHeld = true
    this.#connection.pause()
    this.#stream.once('drain', () => {
      this.#isHeld = false
      this.#connection.resume()
    })
  }

  end(trailers: readonly string[]): void {
    const stream = this.#stream
    stream.once('wantTrailers', () => stream.sendTrailers(headersOf(trailers)))
    stream.end(() => {
      // An answer that needs no more of the request says so (RFC 9113 §8.1).
      if (!stream.readableEnded) stream.close(resetCodes.noError)
    })
  }

  /** What has been written is sent before the client learns that there is no more. */
  failed(): void {
    const stream = this.#stream
    const reset = () => stream.close(resetCodes.internalError)
    if (stream.headersSent && this.#isOpen) stream.write('', reset)
    else reset()
  }

  get #isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed
  }
}
