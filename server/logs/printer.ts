/** Prints what was said within one turn of the event loop with one system call: a line each would cost every request one. */
export class Printer {
  readonly #write: (text: Buffer) => void
  #said: Buffer[] = []

  constructor(write: (text: Buffer) => void) {
    this.#write = write
  }

  print(text: Buffer): void {
    if (this.#said.push(text) === 1) setImmediate(() => this.flush())
  }

  /** Prints at once what has been said: before the program ends. */
  flush(): void {
    if (this.#said.length === 0) return
    this.#write(Buffer.concat(this.#said))
    this.#said = []
  }
}
