import type { Clock } from '../timers.ts'

interface Timer {
  readonly due: number
  readonly ring: () => void
}

/** A clock that stands still until it is advanced, and then fires each timer at its own due time. */
export class SimulatedClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(now = 0) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  setTimeout(ring: () => void, ms: number): Timer {
    const timer = { due: this.#now + ms, ring }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer)
  }

  /** When the next timer is due, the first armed of several; undefined when none runs. */
  next(): number | undefined {
    return this.#first()?.due
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + ms)
  }

  advanceTo(end: number): void {
    for (let next = this.#first(); next && next.due <= end; next = this.#first()) {
      this.#now = Math.max(this.#now, next.due)
      this.#timers.delete(next)
      next.ring()
    }
    this.#now = Math.max(this.#now, end)
  }

  #first(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (!first || timer.due < first.due) first = timer
    return first
  }
}
