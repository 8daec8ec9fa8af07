import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ClosedError, TimeoutError } from './errors.ts'
import type { Intake } from './intake.ts'
import { type ResponseListener, ResponseReader } from './response.ts'

/** One request, and who gets its answer. */
export interface Exchange extends ResponseListener {
  readonly method: string
  /** The answer does not come, or not to its end. Said at most once, and then nothing more. */
  failed(error: Error, about: Failure): void
}

export interface Failure {
  /** The connection had carried an exchange before, and not a byte of this one's answer was seen: it may have been closed
   * just as the request was sent. */
  readonly isStale: boolean
  /** What was handed on as the framed body ends with a whole chunk: something may be written after it. */
  readonly isBetweenChunks: boolean
}

/** Up to here a copy is cheaper than a second buffer on its way through the socket. */
export const mostCopied = 16 * 1024

/** A connection to an upstream. It carries one exchange at a time, and another after each that ended well. */
export class Connection {
  readonly #socket: Duplex
  readonly #responseHeaderMs: number
  readonly #onRest: (connection: Connection) => void
  readonly #intake: Intake | undefined
  #exchange: Exchange | undefined
  #reader: ResponseReader | undefined
  #isFresh = true
  #isSent = false
  #headTimer: NodeJS.Timeout | undefined
  /** When its last exchange ended. */
  restedAt = 0

  /**
   * @param onRest hears of each end of an exchange after which the connection can be used again
   * @param intake where the socket puts what it reads, if it does not emit it
   */
  constructor(socket: Duplex, responseHeaderMs: number, onRest: (connection: Connection) => void, intake?: Intake) {
    this.#socket = socket
    this.#responseHeaderMs = responseHeaderMs
    this.#onRest = onRest
    this.#intake = intake
    intake?.handTo((bytes) => this.#read(bytes))
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('end', () => this.#attempt((reader) => reader.close()))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new ClosedError()))
  }

  get isUsable(): boolean {
    return this.#exchange === undefined && this.#socket.writable
  }

  /** Whether what was handed on as the framed body ends with a whole chunk. */
  get isBetweenChunks(): boolean {
    return this.#reader?.isBetweenChunks ?? true
  }

  /** Sends a whole request, whose body is in pieces. */
  send(exchange: Exchange, head: string, pieces: readonly Buffer[]): void {
    const [body] = pieces
    if (!body) this.begin(exchange, head)
    else if (pieces.length === 1 && body.length <= mostCopied) this.begin(exchange, joined(head, body))
    else {
      this.#socket.cork()
      this.begin(exchange, head)
      for (const piece of pieces) this.#socket.write(piece)
      this.#socket.uncork()
    }
    this.sent()
  }

  /** Sends the beginning of a request; `write` sends more, and `sent` is said when nothing more will come. */
  begin(exchange: Exchange, head: string | Buffer): void {
    this.#exchange = exchange
    this.#reader = new ResponseReader(exchange.method, exchange)
    this.#isSent = false
    if (typeof head === 'string') this.#socket.write(head, 'latin1')
    else this.#socket.write(head)
  }

  /**
   * @param written is called when the system has taken the bytes
   * @returns false when the upstream is slow: wait for `onDrain`
   */
  write(bytes: Buffer | string, written?: () => void): boolean {
    return this.#socket.write(bytes, written && unlessFailed(written))
  }

  /** Several in one go, as `write` does. */
  writeAll(list: readonly Buffer[], written: () => void): boolean {
    this.#socket.cork()
    const last = list.length - 1
    const takesMore = list.map((bytes, index) => this.write(bytes, index === last ? written : undefined)).every(Boolean)
    this.#socket.uncork()
    return takesMore
  }

  /** Whether the system has taken everything that was written. */
  get isFlushed(): boolean {
    return this.#socket.writableLength === 0
  }

  /** Calls back once somebody has accepted it. */
  onConnect(connected: () => void): void {
    if (this.#socket instanceof Socket && this.#socket.connecting) this.#socket.once('connect', connected)
    else connected()
  }

  onDrain(drained: () => void): void {
    this.#socket.once('drain', drained)
  }

  sent(): void {
    this.#isSent = true
    const ms = this.#responseHeaderMs
    if (ms === 0 || this.#reader?.hasHead !== false) return
    this.#headTimer = setTimeout(() => {
      this.#socket.destroy(new TimeoutError(`no answer within ${ms} ms (timeouts.responseHeader)`))
    }, ms)
  }

  /** The client is slow: nothing more is read, and soon the upstream is held back. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /**
   * Nobody wants the answer any more. `failed` is not said.
   * @returns whether something may be written after what was handed on, as in `Failure`
   */
  destroy(): boolean {
    const isBetweenChunks = this.#reader?.isBetweenChunks ?? true
    this.#release()
    this.#socket.destroy()
    return isBetweenChunks
  }

  /** Ends it whatever it carries, which fails. */
  cut(): void {
    this.#socket.destroy()
  }

  /**
   * For a listener that is being handed bytes of a body and will be done with them.
   * @returns what to call then, so that their memory can be used again; undefined when that gains nothing
   */
  loan(): (() => void) | undefined {
    return this.#intake?.loan()
  }

  onGone(gone: () => void): void {
    this.#socket.once('close', gone)
  }

  #read(bytes: Buffer): void {
    // An upstream that speaks unasked cannot be trusted with the next request.
    if (this.#reader) this.#attempt((reader) => reader.read(bytes))
    else this.#socket.destroy()
  }

  #attempt(step: (reader: ResponseReader) => void): void {
    const reader = this.#reader
    if (!reader) return
    try {
      step(reader)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (this.#headTimer && reader.hasHead) clearTimeout(this.#headTimer)
    if (reader.isOver && reader === this.#reader) this.#rest(reader)
  }

  #rest(reader: ResponseReader): void {
    this.#release()
    this.#isFresh = false
    this.#socket.resume()
    if (reader.keepsAlive && this.#isSent && this.#socket.writable) this.#onRest(this)
    else this.#socket.destroy()
  }

  #fail(error: Error): void {
    const [exchange, reader] = [this.#exchange, this.#reader]
    this.#release()
    this.#socket.destroy()
    exchange?.failed(error, {
      isStale: !this.#isFresh && !reader?.hasBegun,
      isBetweenChunks: reader?.isBetweenChunks ?? true,
    })
  }

  #release(): void {
    clearTimeout(this.#headTimer)
    this.#exchange = undefined
    this.#reader = undefined
  }
}

function unlessFailed(written: () => void): (error?: Error | null) => void {
  return (error) => {
    if (!error) written()
  }
}

function joined(head: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.length)
  bytes.write(head, 'latin1')
  body.copy(bytes, head.length)
  return bytes
}
