import type { ModelId } from '../../config/config.ts'
import type { Witness } from '../../machines/edge.ts'
import type { WorldEvent } from '../../machines/events.ts'
import type { Standing } from '../../machines/policy/standing.ts'

/** So many of the latest loads of a model count: its files move into the page cache, and configurations change. */
const remembered = 8

/** How long models take to load, learned from their earlier loads. */
export class Loads implements Witness {
  readonly #durations = new Map<ModelId, readonly number[]>()
  readonly #started = new Map<ModelId, number>()
  /** The latest load of each model, from start to ready. */
  readonly #latest = new Map<ModelId, { readonly startedAt: number; readonly readyAt: number }>()

  news(news: WorldEvent): void {
    if (news.type !== 'process.changed') return
    const { model, state, at } = news
    const started = this.#started.get(model)
    if (state === 'starting') this.#started.set(model, at)
    else this.#started.delete(model)
    if (state !== 'ready' || started === undefined) return
    this.#latest.set(model, { startedAt: started, readyAt: at })
    this.#durations.set(model, [...(this.#durations.get(model) ?? []), at - started].slice(-remembered))
  }

  /** How a wait that has just ended was spent: behind others, and while the model loaded. */
  waitOf(model: ModelId, askedAt: number, grantedAt: number): { readonly queueMs: number; readonly loadMs: number } {
    const load = this.#latest.get(model)
    if (!load || load.readyAt < askedAt) return { queueMs: grantedAt - askedAt, loadMs: 0 }
    const beganAt = Math.max(load.startedAt, askedAt)
    return { queueMs: beganAt - askedAt, loadMs: grantedAt - beganAt }
  }

  /** The median of the model's loads in milliseconds, from start to ready; null before the first. */
  usualMs(model: ModelId): number | null {
    const sorted = [...(this.#durations.get(model) ?? [])].sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? null
  }

  /**
   * How long until the request's model is ready, in milliseconds; null when that cannot be told: no load that it depends on
   * has been seen yet, or it waits for responses, and how long those take is anybody's guess.
   */
  etaMs({ ticket, behind }: Standing, now: number): number | null {
    switch (behind?.type) {
      case 'load':
        return this.#leftMs(ticket.model, now)
      case 'swap': {
        const before = behind.swap.target === ticket.model ? 0 : this.#leftMs(behind.swap.target, now)
        const own = this.usualMs(ticket.model)
        return before === null || own === null ? null : before + own
      }
      case 'busy':
      case 'turn':
      case undefined:
        return null
    }
  }

  #leftMs(model: ModelId, now: number): number | null {
    const usual = this.usualMs(model)
    return usual === null ? null : Math.max(0, usual - (now - (this.#started.get(model) ?? now)))
  }
}
