import type { RequestId } from '../../machines/ids.ts'
import type { Scene } from '../scene.ts'
import type { Signs } from './signs.ts'

/** The places of a state's ids in their order: lives among those of their model, tickets among all tickets. */
export class Ranks {
  readonly #signs: Signs
  readonly #lives: readonly number[][]
  readonly #tickets: RequestId[] = []

  constructor(signs: Signs) {
    this.#signs = signs
    this.#lives = signs.models.map(() => [])
  }

  /** Finds every id in the state. Whatever names one must be looked at here. */
  read({ ledger, processes, swaps }: Scene): void {
    const indexOf = (model: Parameters<Signs['modelNumber']>[0]) => this.#signs.modelNumber(model)
    for (const lives of this.#lives) lives.length = 0
    this.#tickets.length = 0
    for (const { settings, presence } of ledger.models) this.#meet(indexOf(settings.id), presence.swap)
    for (const [model, { context }] of processes) this.#meet(indexOf(model), context.swap)
    for (const { id, target, waiters } of ledger.swaps) {
      this.#meet(indexOf(target), id)
      for (const { request } of waiters) this.#tickets.push(request)
    }
    for (const { context } of swaps) {
      const target = indexOf(context.target)
      this.#meet(target, context.swap)
      if (context.keep !== null) this.#meet(target, context.keep)
      for (const { model, swap } of context.clear) this.#meet(indexOf(model), swap)
    }
    for (const { lives, stuck } of ledger.unloads) {
      for (const { model, swap } of lives) this.#meet(indexOf(model), swap)
      for (const { model, swap } of stuck) this.#meet(indexOf(model), swap)
    }
    for (const { request } of ledger.queue) this.#tickets.push(request)
    this.#tickets.sort((a, b) => a - b)
  }

  #meet(model: number, life: number): void {
    if (life === 0) return
    const lives = this.#lives[model]!
    let place = lives.length
    while (place > 0 && lives[place - 1]! > life) place--
    if (place === 0 || lives[place - 1] !== life) lives.splice(place, 0, life)
  }

  /** From 1 on; 0 for none. */
  ofLife(model: number, life: number): number {
    return life === 0 ? 0 : this.#lives[model]!.indexOf(life) + 1
  }

  /** From 1 on. */
  ofTicket(request: RequestId): number {
    return this.#tickets.indexOf(request) + 1
  }
}
