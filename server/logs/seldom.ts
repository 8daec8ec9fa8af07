/** The same message again within this time is only counted. */
const intervalMs = 10_000
/** Different messages that are remembered: more are forgotten, and then said again. */
const most = 100

/** Passes a message on only so often, and then says how often it would have come: for what repeats in a storm (W43). */
export class Seldom {
  readonly #said = new Map<string, { readonly at: number; suppressed: number }>()
  readonly #now: () => number

  /** @param now milliseconds of any clock that goes on */
  constructor(now: () => number) {
    this.#now = now
  }

  say(message: string, write: (message: string) => void): void {
    const at = this.#now()
    const last = this.#said.get(message)
    if (last && at - last.at < intervalMs) {
      last.suppressed++
      return
    }
    if (this.#said.size >= most) this.#said.clear()
    this.#said.set(message, { at, suppressed: 0 })
    write(last?.suppressed ? `${message} (and ${last.suppressed} times before)` : message)
  }
}
