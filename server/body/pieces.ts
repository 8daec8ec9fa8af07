import type { Span } from './scanner.ts'

/** Smaller ones are joined by the dozens: a client that sends a byte at a time shall not cost a hundred times its bytes. */
const smallBytes = 1024
const mostSmall = 64

/** Bytes in the order in which they came. */
export class Pieces {
  #list: Buffer[] = []
  /** How many at the end of the list are small. */
  #small = 0

  get list(): readonly Buffer[] {
    return this.#list
  }

  add(bytes: Buffer): void {
    this.#list.push(bytes)
    this.#small = bytes.length < smallBytes ? this.#small + 1 : 0
    if (this.#small < mostSmall) return
    const joined = Buffer.concat(this.#list.splice(-mostSmall))
    this.#list.push(joined)
    this.#small = joined.length < smallBytes ? 1 : 0
  }

  /** The first of them, which is no longer kept. */
  take(): Buffer | undefined {
    const first = this.#list.shift()
    if (this.#list.length < this.#small) this.#small = this.#list.length
    return first
  }

  clear(): void {
    this.#list = []
    this.#small = 0
  }
}

export function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

export function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((size, { length }) => size + length, 0)
}

/** What stands there, be it cut or not. */
export function textAt(pieces: readonly Buffer[], { start, end }: Span): string {
  const parts: Buffer[] = []
  let at = 0
  for (const piece of pieces) {
    if (at < end && at + piece.length > start) parts.push(piece.subarray(Math.max(0, start - at), end - at))
    at += piece.length
  }
  return joined(parts).toString()
}
