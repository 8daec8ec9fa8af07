/** 100 KiB, as the reference keeps (server §20.1). */
const capacity = 100 * 1024

/** A piece of a log. */
export interface Piece {
  /** Where it begins, in bytes since the log began: later than was asked for when what lies between is gone. */
  readonly from: number
  readonly bytes: Buffer
}

/**
 * The last 100 KiB of a text that grows. Whoever follows it keeps a place in it and reads when it can: appending never waits
 * for a reader, a reader costs no memory, and none reads a byte twice (W27).
 */
export class Log {
  readonly #ring = Buffer.alloc(capacity)
  readonly #followers = new Set<() => void>()
  #end = 0

  /** How many bytes there have been. */
  get end(): number {
    return this.#end
  }

  append(chunk: Buffer): void {
    const tail = chunk.length > capacity ? chunk.subarray(chunk.length - capacity) : chunk
    // What was never in the ring counts all the same, so that a reader knows how much it missed.
    this.#end += chunk.length - tail.length
    const at = this.#end % capacity
    const fits = Math.min(tail.length, capacity - at)
    tail.copy(this.#ring, at, 0, fits)
    tail.copy(this.#ring, 0, fits)
    this.#end += tail.length
    for (const wake of this.#followers) wake()
  }

  history(): Buffer {
    return this.read(0).bytes
  }

  /** What was said from there on, as far as it is still known; at most so many bytes, and none when nothing is new. */
  read(from: number, most = capacity): Piece {
    const start = Math.max(from, this.#end - capacity, 0)
    const length = Math.min(this.#end - start, most)
    const at = start % capacity
    const first = this.#ring.subarray(at, Math.min(at + length, capacity))
    return { from: start, bytes: Buffer.concat([first, this.#ring.subarray(0, length - first.length)]) }
  }

  /** Calls back whenever something was appended. Returns the function that ends it. */
  follow(wake: () => void): () => void {
    this.#followers.add(wake)
    return () => this.#followers.delete(wake)
  }
}
