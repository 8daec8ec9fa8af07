import type { ModelId } from '../../config/config.ts'
import { byCodePoint } from '../../config/order.ts'
import type { Witness } from '../edge.ts'
import type { RequestId, SwapId } from '../ids.ts'
import type { Ledger } from '../policy/ledger.ts'
import type { Input, Output } from '../trace/lines.ts'

/** What a history comes to, for one model. */
export interface ModelFigures {
  readonly requests: number
  readonly served: number
  readonly refused: number
  /** Left before they were answered. */
  readonly withdrawn: number
  /** From a request to its grant, of those that were served. */
  readonly waits: Waits
  /** Starts of its process. */
  readonly loads: number
  /** Time that those took which became ready, and those that did not. */
  readonly loadingMs: number
  /** How often it was stopped to make room. */
  readonly evictions: number
}

/** In milliseconds; zeros when there is none. */
export interface Waits {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** What a history comes to. */
export interface Figures {
  readonly swaps: number
  readonly evictions: number
  readonly loads: number
  readonly loadingMs: number
  /** By the id of the model. Whoever asks need not know whether there is such a model. */
  readonly models: ReadonlyMap<string, ModelFigures>
}

interface Tally {
  requests: number
  refused: number
  withdrawn: number
  loads: number
  loadingMs: number
  evictions: number
  readonly waits: number[]
}

/** Counts what crosses the edge of an actor system, recorded or alive. */
export class Counter implements Witness {
  #now = 0
  #swaps = 0
  readonly #models = new Map<ModelId, Tally>()
  readonly #waiting = new Map<RequestId, { readonly model: ModelId; readonly since: number }>()
  readonly #loading = new Map<SwapId, { readonly model: ModelId; readonly since: number }>()

  /** Another actor system begins, which gives out the same ids again. */
  restart(): void {
    this.#waiting.clear()
    this.#loading.clear()
  }

  /** Who is there as the lines begin. Nobody saw how long those have waited who are served already. */
  meet({ queue, swaps, models }: Ledger): void {
    for (const { request, model, at } of [...queue, ...swaps.flatMap(({ waiters }) => waiters)]) {
      if (!this.#waiting.has(request)) this.#of(model).requests++
      this.#waiting.set(request, { model, since: at })
    }
    for (const { settings, leases } of models) {
      const tally = this.#of(settings.id)
      tally.requests += leases.length
      tally.waits.push(...leases.map(() => 0))
    }
  }

  input(line: Input): void {
    this.#now = line.at
    switch (line.type) {
      case 'request':
        this.#of(line.model).requests++
        this.#waiting.set(line.request, { model: line.model, since: line.at })
        return
      case 'request.cancel': {
        const waiting = this.#waiting.get(line.request)
        if (waiting) this.#of(waiting.model).withdrawn++
        this.#waiting.delete(line.request)
        return
      }
      case 'child.ready':
      case 'child.exited':
        this.#endLoad(line.swap)
    }
  }

  output(line: Output): void {
    switch (line.type) {
      case 'grant.serve': {
        const waiting = this.#waiting.get(line.request)
        if (waiting) this.#of(line.model).waits.push(this.#now - waiting.since)
        this.#waiting.delete(line.request)
        return
      }
      case 'grant.error':
        if (this.#waiting.delete(line.request)) this.#of(line.model).refused++
        return
      case 'swap.start':
        this.#swaps++
        for (const { model } of line.clear) if (model !== line.target) this.#of(model).evictions++
        return
      case 'child.start':
        this.#of(line.model).loads++
        this.#loading.set(line.swap, { model: line.model, since: this.#now })
    }
  }

  figures(): Figures {
    const models = new Map(
      [...this.#models].sort(([a], [b]) => byCodePoint(a, b)).map(([model, tally]) => [model, sumUp(tally)]),
    )
    const total = (key: 'evictions' | 'loads' | 'loadingMs') =>
      [...models.values()].reduce((sum, figures) => sum + figures[key], 0)
    const sums = { evictions: total('evictions'), loads: total('loads'), loadingMs: total('loadingMs') }
    return { swaps: this.#swaps, ...sums, models }
  }

  #endLoad(swap: SwapId): void {
    const loading = this.#loading.get(swap)
    if (loading) this.#of(loading.model).loadingMs += this.#now - loading.since
    this.#loading.delete(swap)
  }

  #of(model: ModelId): Tally {
    let tally = this.#models.get(model)
    if (!tally) {
      tally = { requests: 0, refused: 0, withdrawn: 0, loads: 0, loadingMs: 0, evictions: 0, waits: [] }
      this.#models.set(model, tally)
    }
    return tally
  }
}

function sumUp({ waits, ...counts }: Tally): ModelFigures {
  const sorted = Float64Array.from(waits).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { ...counts, served: sorted.length, waits: { p50: at(0.5), p95: at(0.95), max: at(1) } }
}
