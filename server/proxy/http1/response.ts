import { ChunkReader } from './chunks.ts'
import { ClosedError, ProtocolError } from './errors.ts'
import { type Head, parseHead, refuseBareLineFeeds } from './head.ts'

/** Where an answer goes, as it comes: `informed` any number of times, `head` once, `body` any number of times, `end` once. */
export interface ResponseListener {
  /** An interim answer (1xx). */
  informed(head: Head): void
  /** @returns whether a body in chunks is wanted framed, see `ChunkReader`. */
  head(head: Head): boolean
  /** @param isLast a body whose length was announced is complete with these bytes */
  body(bytes: Buffer, isLast?: boolean): void
  /** The same body without any framing, for whoever reads along and keeps nothing of it. */
  data?(bytes: Buffer): void
  /** Names and values in turn. */
  end(trailers: readonly string[]): void
}

/** Twice what Node allows its clients: a model may set large cookies, and still not fill the memory. */
const largestHead = 32 * 1024

const endOfHead = Buffer.from('\r\n\r\n')

/** Reads the answer to one request, wherever the bytes are cut. Knows nothing of sockets. */
export class ResponseReader {
  readonly #method: string
  readonly #listener: ResponseListener
  #partialHead: Buffer | undefined
  #head: Head | undefined
  /** Of a body with a length: bytes that have not come yet. */
  #missing = 0
  #chunks: ChunkReader | undefined
  isOver = false
  /** Whether any byte has come. */
  hasBegun = false
  /** More came than the answer: the connection cannot be trusted with another. */
  hasSurplus = false

  constructor(method: string, listener: ResponseListener) {
    this.#method = method
    this.#listener = listener
  }

  get hasHead(): boolean {
    return this.#head !== undefined
  }

  get keepsAlive(): boolean {
    return this.isOver && !this.hasSurplus && this.#head?.keepsAlive === true
  }

  /** Whether something may be written between what was handed on as the framed body and what follows. */
  get isBetweenChunks(): boolean {
    return this.#chunks?.isBetweenChunks ?? true
  }

  /** @throws ProtocolError */
  read(bytes: Buffer): void {
    this.hasBegun = true
    let at = 0
    while (!this.#head && at < bytes.length) at = this.#readHead(bytes, at)
    if (this.#head && !this.isOver && at < bytes.length) at = this.#readBody(bytes, at, this.#head)
    if (this.isOver && at < bytes.length) this.hasSurplus = true
  }

  /**
   * The upstream has closed the connection.
   * @throws ClosedError when that was too early
   */
  close(): void {
    if (this.isOver) return
    if (this.#head?.framing.type !== 'close') throw new ClosedError()
    this.#finish([])
  }

  #readHead(bytes: Buffer, from: number): number {
    const before = this.#partialHead?.length ?? 0
    const all = this.#partialHead ? Buffer.concat([this.#partialHead, bytes]) : bytes
    const found = all.indexOf(endOfHead, before > 0 ? Math.max(0, before - 3) : from)
    if (found < 0) {
      this.#partialHead = all.subarray(before > 0 ? 0 : from)
      refuseBareLineFeeds(this.#partialHead.toString('latin1'))
      if (this.#partialHead.length > largestHead) throw new ProtocolError('the head is larger than 32 KiB')
      return bytes.length
    }
    this.#partialHead = undefined
    const end = found + endOfHead.length
    const head = parseHead(all.toString('latin1', before > 0 ? 0 : from, end), this.#method)
    if (head.status === 101) throw new ProtocolError('the protocol was switched, which nobody asked for')
    if (head.status < 200) this.#listener.informed(head)
    else this.#begin(head)
    return end - before
  }

  #begin(head: Head): void {
    this.#head = head
    const isFramed = this.#listener.head(head)
    switch (head.framing.type) {
      case 'none':
        this.#finish([])
        return
      case 'length':
        this.#missing = head.framing.length
        if (this.#missing === 0) this.#finish([])
        return
      case 'chunked':
        this.#chunks = new ChunkReader(isFramed, this.#listener)
        return
      case 'close':
    }
  }

  #readBody(bytes: Buffer, from: number, { framing }: Head): number {
    switch (framing.type) {
      case 'none':
        return from
      case 'length': {
        const end = Math.min(bytes.length, from + this.#missing)
        this.#missing -= end - from
        this.#pass(bytes.subarray(from, end), this.#missing === 0)
        if (this.#missing === 0) this.#finish([])
        return end
      }
      case 'chunked': {
        const end = this.#chunks!.read(bytes, from)
        if (this.#chunks!.isOver) this.#finish(this.#chunks!.trailers)
        return end
      }
      case 'close':
        this.#pass(bytes.subarray(from))
        return bytes.length
    }
  }

  #pass(bytes: Buffer, isLast = false): void {
    this.#listener.body(bytes, isLast)
    this.#listener.data?.(bytes)
  }

  #finish(trailers: readonly string[]): void {
    this.isOver = true
    this.#listener.end(trailers)
  }
}
