import type { Delivery } from './describe.ts'

export interface SamplerOptions {
  /** Requests that are shown whole, from the first event to the last, in each second. Default 5: what an eye can follow. */
  readonly perSecond?: number
  /** As many at once after a pause. Default 20. */
  readonly atOnce?: number
}

/** The events of which every request has some. All others are rare. */
const perRequest = new Set(['request', 'request.cancel', 'serve.done', 'grant.serve', 'grant.error'])
/** Requests that are being shown and not over yet: beyond that, no further one is. */
const mostFollowed = 1_000
/** What is kept of an input and its consequences until it is clear that nothing but requests comes of it. */
const mostHeld = 8

/**
 * Chooses what is shown of requests. Some are shown whole, as many as an eye can follow; the others are counted. What
 * brings anything else about, such as the request that starts a swap, is always shown.
 */
export class Sampler {
  readonly #perSecond: number
  readonly #atOnce: number
  readonly #followed = new Set<unknown>()
  #held: Delivery[] = []
  /** How many more may be shown. */
  #credit: number
  #creditAt = Number.POSITIVE_INFINITY
  #skipped = 0

  constructor({ perSecond = 5, atOnce = 20 }: SamplerOptions = {}) {
    this.#perSecond = perSecond
    this.#atOnce = atOnce
    this.#credit = atOnce
  }

  /** What is to be shown now that this event was delivered: nothing, the event, or also what led to it. */
  take(delivery: Delivery): readonly Delivery[] {
    if (isInput(delivery)) this.#letGo()
    if (!perRequest.has(delivery.event.type)) return this.#withCauses(delivery)
    const { request } = delivery.event as unknown as { readonly request: unknown }
    if (!this.#followed.has(request) && this.#mayFollow(delivery)) this.#followed.add(request)
    if (!this.#followed.has(request)) {
      this.#hold(delivery)
      return []
    }
    if (isLast(delivery)) this.#followed.delete(request)
    return [delivery]
  }

  /** How many events were not shown since this was asked last. */
  skipped(): number {
    this.#letGo()
    const skipped = this.#skipped
    this.#skipped = 0
    return skipped
  }

  /** Who has not been seen to come is shown only if there is little else to show. */
  #mayFollow({ sourceId, event, at }: Delivery): boolean {
    this.#credit += (Math.max(0, at - this.#creditAt) / 1_000) * this.#perSecond
    this.#credit = Math.min(this.#atOnce, this.#credit)
    this.#creditAt = at
    const isArrival = event.type === 'request' && sourceId === undefined
    const needed = isArrival ? 1 : Math.max(1, this.#atOnce / 2)
    if (this.#credit < needed || this.#followed.size >= mostFollowed) return false
    this.#credit--
    return true
  }

  #hold(delivery: Delivery): void {
    if (this.#held.length < mostHeld) this.#held.push(delivery)
    else this.#skipped++
  }

  #letGo(): void {
    this.#skipped += this.#held.length
    this.#held.length = 0
  }

  #withCauses(delivery: Delivery): readonly Delivery[] {
    if (this.#held.length === 0) return [delivery]
    const shown = [...this.#held, delivery]
    this.#held.length = 0
    return shown
  }
}

/** It comes from outside: the system was at rest, and what was held has led to nothing else. */
function isInput({ sourceId, event }: Delivery): boolean {
  return sourceId === undefined || /^(?:child|readiness)\./.test(sourceId) || event.type.startsWith('xstate.after.')
}

/** Nobody says more of the request than this. */
function isLast({ sessionId, event }: Delivery): boolean {
  if (event.type === 'grant.error') return true
  return sessionId === 'scheduler' && (event.type === 'serve.done' || event.type === 'request.cancel')
}
