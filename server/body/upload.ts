import type { IncomingMessage } from 'node:http'
import { clientLeft, type Departure } from '../departure.ts'
import { type ApiError, bodyTooLarge } from '../errors.ts'
import { splice } from './json-edit.ts'
import { malformed } from './malformed.ts'
import { joined, Pieces } from './pieces.ts'
import type { Scanner, Span } from './scanner.ts'

/** Where the bytes of a body go as they come. */
export interface Sink {
  /** @returns false when it is slow: wait for `onDrain` */
  write(bytes: Buffer): boolean
  onDrain(drained: () => void): void
  end(): void
}

type State =
  /** Kept, for whoever will want them. */
  | { readonly type: 'gathering' }
  | { readonly type: 'flowing'; readonly sink: Sink }
  /** Nobody wants them any more. They are read all the same: a client that writes before it reads shall get to its answer. */
  | { readonly type: 'discarding' }

interface Waiter {
  readonly isEnough: () => boolean
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

/**
 * A body on its way in: gathered at first, then handed on as it comes. It is counted and scanned all the while; one that is too
 * large or malformed ends its exchange, whatever that is doing, and never reaches anybody to its end.
 *
 * While its request waits for a model, the body is read on, up to the limit. To leave it with the client would be cheaper, but
 * the end of a connection comes behind its bytes: who does not read does not learn that the client has left, and would load a
 * model for nobody.
 */
export class Upload implements Disposable {
  readonly #incoming: IncomingMessage
  readonly #departure: Departure
  readonly #scanner: Scanner
  readonly #limit: number
  readonly #announced: number | null
  readonly #pieces = new Pieces()
  #state: State = { type: 'gathering' }
  #received = 0
  #isReading = false
  #hasEnded = false
  #isHeldBack = false
  /** By how much an edit has made it longer. */
  #growth = 0
  #waiter: Waiter | undefined

  /** @param limit in bytes; one that is announced to be larger is refused before */
  constructor(incoming: IncomingMessage, departure: Departure, scanner: Scanner, limit: number) {
    const { 'content-length': length } = incoming.headers
    this.#incoming = incoming
    this.#departure = departure
    this.#scanner = scanner
    this.#limit = limit
    this.#announced = length === undefined ? null : Number(length)
  }

  /** How long it will have been; null when nobody knows yet. */
  get length(): number | null {
    const length = this.#announced ?? (this.#hasEnded ? this.#received : null)
    return length === null ? null : length + this.#growth
  }

  get received(): number {
    return this.#received
  }

  get found(): ReadonlyMap<string, Span> {
    return this.#scanner.found
  }

  /** Nothing of it was handed on or thrown away. */
  get isIntact(): boolean {
    return this.#state.type === 'gathering'
  }

  /** All of it is here. */
  get isWhole(): boolean {
    return this.#hasEnded && this.isIntact
  }

  /** What has come, as long as it is intact. */
  get pieces(): readonly Buffer[] {
    return this.#pieces.list
  }

  /**
   * Reads until there is enough, or all of it.
   * @throws ApiError 400 or 413
   */
  until(isEnough: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiter = { isEnough, resolve, reject }
    this.#read()
    this.#tell()
    return promise
  }

  /** Puts a text in place of bytes that have come. */
  replace(place: Span, text: string): void {
    const before = joined(this.pieces)
    const bytes = splice(before, place, text)
    this.#growth += bytes.length - before.length
    this.#pieces.clear()
    this.#pieces.add(bytes)
  }

  /** Hands on what has come, and then whatever comes, at the pace of the sink. */
  pour(sink: Sink): void {
    if (!this.isIntact) return
    this.#state = { type: 'flowing', sink }
    this.#read()
    this.#flow(sink)
  }

  /** Nobody wants what is left. */
  [Symbol.dispose](): void {
    if (this.#state.type === 'discarding') return
    this.#state = { type: 'discarding' }
    this.#pieces.clear()
    this.#incoming.resume()
  }

  #read(): void {
    if (this.#isReading) return
    this.#isReading = true
    this.#incoming.on('data', (bytes: Buffer) => this.#take(bytes))
    this.#incoming.once('end', () => this.#finish())
    this.#incoming.once('close', () => {
      if (!this.#hasEnded) this.#waiter?.reject(clientLeft)
    })
  }

  #take(bytes: Buffer): void {
    this.#received += bytes.length
    if (this.#state.type === 'discarding') {
      // Whoever does not stop for an answer does not want it.
      if (this.#received > 2 * this.#limit) this.#incoming.destroy()
    } else if (this.#received > this.#limit) this.#fail(bodyTooLarge(this.#limit))
    else if (this.#isSound(bytes)) {
      this.#pieces.add(bytes)
      this.#tell()
    }
  }

  #finish(): void {
    // One that announced its length was checked with its last byte.
    const isDue = this.#announced === null && this.#state.type !== 'discarding'
    if (isDue && !this.#passes(() => this.#scanner.end())) return
    this.#hasEnded = true
    this.#tell()
  }

  /** Its last byte is kept back from who would take a broken body for a complete one. */
  #isSound(bytes: Buffer): boolean {
    return this.#passes(() => {
      this.#scanner.push(bytes)
      if (this.#received === this.#announced) this.#scanner.end()
    })
  }

  #passes(check: () => void): boolean {
    try {
      check()
      return true
    } catch (error) {
      this.#fail(malformed(error))
      return false
    }
  }

  #fail(error: ApiError): void {
    this[Symbol.dispose]()
    this.#departure.abort(error)
    this.#waiter?.reject(error)
  }

  /** Something has come, or the end. */
  #tell(): void {
    if (this.#state.type === 'flowing') this.#flow(this.#state.sink)
    if (!this.#hasEnded && !this.#waiter?.isEnough()) return
    this.#waiter?.resolve()
    this.#waiter = undefined
  }

  #flow(sink: Sink): void {
    if (this.#isHeldBack || this.#state.type !== 'flowing') return
    for (let bytes = this.#pieces.take(); bytes; bytes = this.#pieces.take()) {
      if (sink.write(bytes)) continue
      this.#isHeldBack = true
      this.#incoming.pause()
      sink.onDrain(() => {
        this.#isHeldBack = false
        this.#flow(sink)
      })
      return
    }
    if (this.#hasEnded) sink.end()
    else this.#incoming.resume()
  }
}
