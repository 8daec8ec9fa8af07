import type { WorldEvent } from './events.ts'
import type { Input, Output } from './trace/lines.ts'

/** Hears of what crosses the edge of the actor system, in order. */
export interface Witness {
  /** Just before the input takes effect: the system is at rest, and may be looked at. */
  input?(input: Input): void
  output?(output: Output): void
  /** What the processes and the swaps tell the scheduler. It follows from the inputs, so no trace has it. */
  news?(news: WorldEvent): void
}

/** Where the actor system ends. Inputs cross it one at a time: each is worked off to its last consequence before the next. */
export class Edge {
  readonly witnesses = new Set<Witness>()
  /** Says nothing while it is. */
  isMute = false
  /** Nothing enters any more: an actor has failed, or all are stopped. */
  isClosed = false
  readonly #onFault: (fault: unknown) => void
  readonly #waiting: { readonly input: Input; readonly act: () => void }[] = []
  #isBusy = false

  /** @param onFault hears of a witness that threw. It changes nothing for the actors. */
  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault
  }

  /** The input takes effect by `act`: at once, or when those before it are worked off. */
  enter(input: Input, act: () => void): void {
    if (this.isClosed) return
    this.#waiting.push({ input, act })
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let next = this.#waiting.shift(); next && !this.isClosed; next = this.#waiting.shift()) {
        const { input, act } = next
        this.#tell((witness) => witness.input?.(input))
        act()
      }
    } finally {
      this.#isBusy = false
    }
  }

  leave(output: Output): void {
    this.#tell((witness) => witness.output?.(output))
  }

  report(news: WorldEvent): void {
    this.#tell((witness) => witness.news?.(news))
  }

  #tell(call: (witness: Witness) => void): void {
    if (this.isMute) return
    for (const witness of this.witnesses) {
      try {
        call(witness)
      } catch (fault) {
        this.#onFault(fault)
      }
    }
  }
}
