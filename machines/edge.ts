import type { Input, Output } from './trace/lines.ts'

/** Hears of everything that crosses the edge of the actor system, in order. */
export interface Witness {
  /** Just before the input takes effect: the system is at rest, and may be looked at. */
  input(input: Input): void
  output(output: Output): void
}

/** Where the actor system ends. Inputs cross it one at a time: each is worked off to its last consequence before the next. */
export class Edge {
  /** Says nothing while it is. */
  isMute = false
  readonly #witness: Witness
  readonly #onFault: (fault: unknown) => void
  readonly #waiting: { readonly input: Input; readonly act: () => void }[] = []
  #isBusy = false

  /** @param onFault hears of a witness that threw. It changes nothing for the actors. */
  constructor(witness: Witness, onFault: (fault: unknown) => void) {
    this.#witness = witness
    this.#onFault = onFault
  }

  /** The input takes effect by `act`: at once, or when those before it are worked off. */
  enter(input: Input, act: () => void): void {
    this.#waiting.push({ input, act })
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        this.#note(next.input)
        next.act()
      }
    } finally {
      this.#isBusy = false
    }
  }

  leave(output: Output): void {
    if (this.isMute) return
    try {
      this.#witness.output(output)
    } catch (fault) {
      this.#onFault(fault)
    }
  }

  #note(input: Input): void {
    try {
      this.#witness.input(input)
    } catch (fault) {
      this.#onFault(fault)
    }
  }
}
