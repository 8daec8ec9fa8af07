import { ProtocolError } from './errors.ts'
import { parseFields, refuseBareLineFeeds } from './head.ts'

/** More than anybody writes into the first line of a chunk, and than the trailers of any answer. */
const longestLine = 4 * 1024
const mostTrailers = 16 * 1024

const sizeLine = /^([\dA-Fa-f]{1,13})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n$/

const carriageReturn = 0x0d
const lineFeed = 0x0a

export interface ChunkListener {
  body(bytes: Buffer): void
  /** The data alone, however the body is wanted. */
  data?(bytes: Buffer): void
}

/**
 * Follows a body in chunks to its end (RFC 9112 §7.1), in either of two ways:
 *
 * - framed: hands on the chunks as they came, sizes and all, so that nobody has to take them apart and put them together
 *   again. The last chunk and the trailers are not among them: the writer ends the body by itself.
 * - unframed: hands on the data alone.
 */
export class ChunkReader {
  readonly #isFramed: boolean
  readonly #listener: ChunkListener
  /** What is expected next. */
  #place: 'size' | 'data' | 'CR' | 'LF' | 'trailers' | 'end' = 'size'
  /** Bytes of the current chunk's data that have not come yet. */
  #missing = 0
  /** The beginning of a line, or of the trailers, whose end has not come yet. */
  #partial = ''
  /** Framed: what can be handed on in one piece begins here. */
  #start = 0
  trailers: readonly string[] = []

  constructor(isFramed: boolean, listener: ChunkListener) {
    this.#isFramed = isFramed
    this.#listener = listener
  }

  get isOver(): boolean {
    return this.#place === 'end'
  }

  /** Whether what was handed on so far ends with a whole chunk. */
  get isBetweenChunks(): boolean {
    return this.#place === 'size' || this.#place === 'trailers'
  }

  /**
   * Reads on.
   * @returns where the body has ended in the bytes, or their length
   * @throws ProtocolError
   */
  read(bytes: Buffer, from: number): number {
    let at = from
    this.#start = from
    while (at < bytes.length && this.#place !== 'end') at = this.#step(bytes, at)
    this.#handOn(bytes, at, at)
    return at
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#place) {
      case 'size':
        return this.#readSize(bytes, at)
      case 'data': {
        const taken = Math.min(this.#missing, bytes.length - at)
        this.#missing -= taken
        if (this.#missing === 0) this.#place = 'CR'
        this.#passData(bytes, at, at + taken)
        return at + taken
      }
      case 'CR':
        expect(bytes, at, carriageReturn)
        this.#place = 'LF'
        return at + 1
      case 'LF':
        expect(bytes, at, lineFeed)
        this.#place = 'size'
        return at + 1
      case 'trailers':
        return this.#readTrailers(bytes, at)
      case 'end':
        return at
    }
  }

  /** A line that came in pieces, or with extensions, is written anew; others stay where they are. */
  #readSize(bytes: Buffer, at: number): number {
    const found = bytes.indexOf(lineFeed, at)
    const end = found < 0 ? bytes.length : found + 1
    const line = this.#partial + bytes.toString('latin1', at, end)
    if (line.length > longestLine) throw new ProtocolError('the first line of a chunk does not end')
    if (found < 0) {
      this.#partial = line
      this.#handOn(bytes, at, end)
      return end
    }
    const size = sizeOf(line)
    if (size === 0) {
      this.#place = 'trailers'
      this.#handOn(bytes, at, bytes.length)
    } else {
      this.#place = 'data'
      this.#missing = size
      const isPlain = this.#partial === '' && !line.includes(';')
      if (this.#isFramed && !isPlain) {
        this.#handOn(bytes, at, end)
        this.#listener.body(Buffer.from(`${size.toString(16)}\r\n`, 'latin1'))
      }
    }
    this.#partial = ''
    return end
  }

  #readTrailers(bytes: Buffer, at: number): number {
    const before = this.#partial.length
    const text = this.#partial + bytes.toString('latin1', at)
    const found = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n') + 2
    if (found === 1) {
      refuseBareLineFeeds(text)
      if (text.length > mostTrailers) throw new ProtocolError('the trailers do not end')
      this.#partial = text
      this.#start = bytes.length
      return bytes.length
    }
    const end = found + 2
    this.trailers = parseFields(text.slice(0, end), 0)
    this.#place = 'end'
    this.#start = bytes.length
    return at + end - before
  }

  #passData(bytes: Buffer, start: number, end: number): void {
    if (this.#isFramed && !this.#listener.data) return
    const data = bytes.subarray(start, end)
    if (!this.#isFramed) this.#listener.body(data)
    this.#listener.data?.(data)
  }

  /** Hands on what lies before `end`; the next piece begins at `next`. */
  #handOn(bytes: Buffer, end: number, next: number): void {
    const start = this.#start
    this.#start = next
    if (!this.#isFramed || end <= start) return
    this.#listener.body(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))
  }
}

function sizeOf(line: string): number {
  const size = sizeLine.exec(line)?.[1]
  if (size === undefined) throw new ProtocolError('the first line of a chunk is malformed')
  return Number.parseInt(size, 16)
}

function expect(bytes: Buffer, at: number, byte: number): void {
  if (bytes[at] !== byte) throw new ProtocolError('a chunk is longer than its size')
}
