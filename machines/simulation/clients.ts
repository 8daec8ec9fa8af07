import type { ModelId } from '../../config/config.ts'
import type { Engine } from '../engine.ts'
import type { Reply } from '../events.ts'
import type { RequestId, UnloadId } from '../ids.ts'
import type { Clock } from '../timers.ts'
import type { Estimates } from './estimates.ts'
import type { Control, Past, Visit } from './past.ts'

/** Clients that come when those of the past came, are served for as long, and are as patient. */
export class Clients {
  readonly #engine: Engine
  readonly #clock: Clock
  readonly #estimates: Estimates
  /** Who waits or is served, and what will end that. */
  readonly #present = new Map<RequestId, { readonly visit: Visit; isServed: boolean; timer: unknown }>()
  #coming: number
  #lastUnload = 0

  constructor(past: Past, estimates: Estimates, engine: Engine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
    this.#estimates = estimates
    this.#coming = past.visits.length + past.controls.length
    this.#follow(past.visits, (visit) => this.#come(visit))
    this.#follow(past.controls, (control) => this.#control(control))
    engine.onReply((reply) => this.#hear(reply))
  }

  /** Whether somebody is still to come, or there. */
  get areThere(): boolean {
    return this.#coming > 0 || this.#present.size > 0
  }

  /** The process that serves them is gone, and with it their responses. */
  cutOff(model: ModelId): void {
    for (const [request, { visit, isServed }] of [...this.#present]) {
      if (isServed && visit.model === model) this.#leave(request)
    }
  }

  /** Each at its time; only the next one has a timer. */
  #follow<T extends { readonly at: number }>(items: readonly T[], happen: (item: T) => void, index = 0): void {
    const item = items[index]
    if (!item) return
    this.#clock.setTimeout(
      () => {
        this.#coming--
        happen(item)
        this.#follow(items, happen, index + 1)
      },
      Math.max(0, item.at - this.#clock.now()),
    )
  }

  #come(visit: Visit): void {
    const { request, model, patienceMs } = visit
    const timer = patienceMs === null ? undefined : this.#clock.setTimeout(() => this.#giveUp(request), patienceMs)
    this.#present.set(request, { visit, isServed: false, timer })
    this.#engine.send({ type: 'request', request, model, at: this.#clock.now() })
  }

  #giveUp(request: RequestId): void {
    this.#present.delete(request)
    this.#engine.send({ type: 'request.cancel', request, at: this.#clock.now() })
  }

  #control(control: Control): void {
    const at = this.#clock.now()
    if (control.type === 'unload') this.#engine.send({ ...control, unload: ++this.#lastUnload as UnloadId, at })
    else this.#engine.send({ ...control, at })
  }

  #hear(reply: Reply): void {
    if (reply.type !== 'grant.serve' && reply.type !== 'grant.error') return
    const client = this.#present.get(reply.request)
    if (!client) return
    this.#clock.clearTimeout(client.timer)
    if (reply.type === 'grant.error') this.#present.delete(reply.request)
    else {
      client.isServed = true
      client.timer = this.#clock.setTimeout(() => this.#leave(reply.request), this.#estimates.servedMs(client.visit))
    }
  }

  #leave(request: RequestId): void {
    const client = this.#present.get(request)
    if (!client) return
    this.#clock.clearTimeout(client.timer)
    this.#present.delete(request)
    this.#engine.send({ type: 'serve.done', request, model: client.visit.model, at: this.#clock.now() })
  }
}
