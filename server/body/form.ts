import { joined } from './pieces.ts'
import type { Scanner, Span } from './scanner.ts'

/** Finds pairs of a URL-encoded form, as they are written, when all of it is there: such forms are small. */
export class FormScanner implements Scanner {
  readonly found = new Map<string, Span>()
  readonly #names: readonly string[]
  readonly #pieces: Buffer[] = []

  constructor(names: readonly string[]) {
    this.#names = names
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes)
  }

  end(): void {
    let start = 0
    for (const pair of joined(this.#pieces).toString('latin1').split('&')) {
      const end = start + pair.length
      // Not first: a question mark at the beginning would be taken for that of a query.
      for (const name of new URLSearchParams(`&${pair}`).keys()) {
        if (this.#names.includes(name) && !this.found.has(name)) this.found.set(name, { start, end })
      }
      start = end + 1
    }
  }
}
