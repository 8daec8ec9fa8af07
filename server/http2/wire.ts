import { Duplex } from 'node:stream'

/**
 * One end of a connection that never leaves this process: what is written at one end is read at the other, which holds the
 * writer back while it is slow, and when one end is gone, so is the other. Like a socket it has taken what is written when it
 * says so: the memory may be used again (`stream.duplexPair` hands it on as it is).
 */
export class WireEnd extends Duplex {
  #other: WireEnd | undefined
  /** Says that there is room for more. */
  #taken: (() => void) | undefined

  override _write(bytes: Buffer, _encoding: BufferEncoding, taken: () => void): void {
    const other = this.#other
    if (!other) return
    other.#taken = taken
    other.push(Buffer.from(bytes))
  }

  override _read(): void {
    const taken = this.#taken
    this.#taken = undefined
    if (taken) process.nextTick(taken)
  }

  override _final(done: () => void): void {
    this.#other?.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#other?.destroy()
    done(error)
  }

  static pair(): [WireEnd, WireEnd] {
    const [one, two] = [new WireEnd(), new WireEnd()]
    one.#other = two
    two.#other = one
    return [one, two]
  }
}
