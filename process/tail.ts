import { stripVTControlCharacters } from 'node:util'

/** What fits on a screen and into an error message. */
const mostLines = 20
const mostBytes = 4 * 1024

/** The end of what a child has printed in one life. */
export class Tail {
  #bytes = Buffer.alloc(0)
  #wake: () => void = () => {}

  append(chunk: Buffer): void {
    const both = chunk.length >= mostBytes ? chunk : Buffer.concat([this.#bytes, chunk])
    // A copy: a slice would hold on to the whole chunk.
    this.#bytes = Buffer.from(both.subarray(-mostBytes))
    this.#wake()
  }

  /** Calls back whenever something is printed; one listener at a time. */
  onAppend(wake: () => void): void {
    this.#wake = wake
  }

  /** Whole lines, without colours. The first may be cut. */
  lines(): readonly string[] {
    const text = stripVTControlCharacters(this.#bytes.toString()).trim()
    return text === '' ? [] : text.split(/\r?\n/).slice(-mostLines)
  }
}
