/** 100 KiB, as the reference keeps (server §20.1). */
const capacity = 100 * 1024

type Listener = (chunk: Buffer) => void

/** The last 100 KiB of a text that grows, and its live continuation. Appending never waits for a reader. */
export class Log {
  readonly #ring = Buffer.alloc(capacity)
  #written = 0
  readonly #listeners = new Set<Listener>()

  append(chunk: Buffer): void {
    const tail = chunk.length > capacity ? chunk.subarray(chunk.length - capacity) : chunk
    const at = this.#written % capacity
    const fits = Math.min(tail.length, capacity - at)
    tail.copy(this.#ring, at, 0, fits)
    tail.copy(this.#ring, 0, fits)
    this.#written += tail.length
    for (const listener of this.#listeners) listener(chunk)
  }

  history(): Buffer {
    if (this.#written <= capacity) return Buffer.from(this.#ring.subarray(0, this.#written))
    const at = this.#written % capacity
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)])
  }

  /** Calls back with everything appended from now on. Returns the function that ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
