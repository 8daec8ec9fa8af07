import type { Departure } from '../departure.ts'
import { shuttingDown } from '../errors.ts'

/** The requests to peers' models that are under way: a peer tells nothing of its load, and the scheduler does not know it. */
export class PeerLoad {
  readonly #underWay = new Map<string, Set<Departure>>()
  #onDrained: (() => void) | undefined

  /** @param key `PEER/MODEL` */
  of(key: string): number {
    return this.#underWay.get(key)?.size ?? 0
  }

  /**
   * Counts a request until what is returned is disposed of.
   * @throws ApiError 503 once it is closed
   */
  enter(key: string, departure: Departure): Disposable {
    if (this.#onDrained) throw shuttingDown()
    const others = this.#underWay.get(key) ?? new Set()
    this.#underWay.set(key, others.add(departure))
    return {
      [Symbol.dispose]: () => {
        others.delete(departure)
        if (others.size === 0) this.#underWay.delete(key)
        if (this.#underWay.size === 0) this.#onDrained?.()
      },
    }
  }

  /** Admits no more. Resolves when the last one has ended; what has not within the budget is ended (server §10.8). */
  async close(budgetMs: number): Promise<void> {
    const { promise: drained, resolve } = Promise.withResolvers<void>()
    this.#onDrained = resolve
    if (this.#underWay.size === 0) return
    const timer = setTimeout(() => this.#endAll(), budgetMs)
    await drained
    clearTimeout(timer)
  }

  #endAll(): void {
    for (const departures of this.#underWay.values()) {
      for (const departure of departures) departure.abort(shuttingDown())
    }
  }
}
