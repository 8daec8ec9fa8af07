interface Timer {
  readonly id: number
  readonly due: number
  readonly fire: () => void
}

/** A clock that stands still until it is advanced, and then fires each timer at its own due time. */
export class VirtualClock {
  #now = 0
  #lastId = 0
  #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  setTimeout(fire: (...args: unknown[]) => void, ms: number): number {
    const timer = { id: ++this.#lastId, due: this.#now + ms, fire: () => fire() }
    this.#timers.push(timer)
    return timer.id
  }

  clearTimeout(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id)
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) => (timer.due <= end && (!first || timer.due < first.due) ? timer : first),
        undefined,
      )
      if (!next) break
      this.#now = Math.max(this.#now, next.due)
      this.clearTimeout(next.id)
      next.fire()
    }
    this.#now = end
  }
}
