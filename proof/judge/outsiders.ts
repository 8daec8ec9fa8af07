import type { ModelId } from '../../config/config.ts'
import type { Reply, SchedulerEvent } from '../../machines/events.ts'
import type { RequestId } from '../../machines/ids.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import type { Origin, Settings } from '../../machines/policy/settings.ts'
import type { Outside, Scene } from '../scene.ts'
import type { State } from '../system/system.ts'
import { ticketsOf } from '../tickets.ts'
import { demand } from './violation.ts'

/** A response under way, as its client sees it. */
export interface Lease {
  readonly model: ModelId
  /** Its process is gone. */
  isCut: boolean
}

/** A process of the operating system. */
export interface Child {
  isTold: boolean
  wasStuck: boolean
  /** What the configuration said when it was spawned. */
  readonly origin: Origin | null
}

/** The clients and the children, who know nothing of the ledger but must agree with it between two events. */
export class Outsiders {
  readonly waiting = new Set<RequestId>()
  readonly served = new Map<RequestId, Lease>()
  readonly children = new Map<ModelId, Child>()

  /** Puts them where this state says they are. */
  enter({ ledger, processes, outside }: Scene): void {
    this.waiting.clear()
    this.served.clear()
    this.children.clear()
    for (const { request } of ticketsOf(ledger)) this.waiting.add(request)
    for (const { settings, leases } of ledger.models) {
      const { cut } = outside.get(settings.id)!
      leases.forEach((request, place) => {
        this.served.set(request, { model: settings.id, isCut: place < cut })
      })
    }
    for (const [model, { value }] of processes) {
      if (value === 'stopped') continue
      const isTold = value === 'alive.stopping' || value === 'alive.stuck'
      const { wasStuck } = outside.get(model)!
      this.children.set(model, { isTold, wasStuck, origin: recordOf(ledger, model)?.origin ?? null })
    }
  }

  /** A client comes or goes. */
  say(event: SchedulerEvent): void {
    if (event.type === 'request') this.waiting.add(event.request)
    else if (event.type === 'request.cancel') this.waiting.delete(event.request)
    else if (event.type === 'serve.done') this.served.delete(event.request)
  }

  /** A client gets the one answer to its request (I1). */
  answer({ type, request }: Extract<Reply, { type: 'grant.serve' | 'grant.error' }>): void {
    demand('I1', this.waiting.delete(request), () => `request ${request} does not wait and gets a ${type}`)
  }

  serve({ request, model }: Extract<Reply, { type: 'grant.serve' }>): void {
    this.served.set(request, { model, isCut: false })
  }

  spawn(config: Settings, model: ModelId): void {
    const settings = config.models.find(({ id }) => id === model)
    const origin = settings ? { fingerprint: settings.fingerprint, port: settings.port } : null
    this.children.set(model, { isTold: false, wasStuck: false, origin })
  }

  tell(model: ModelId): void {
    const child = this.children.get(model)
    if (child) child.isTold = true
  }

  noteStuck(model: ModelId): void {
    const child = this.children.get(model)
    if (child) child.wasStuck = true
  }

  /** How many responses of the model run. */
  responses(model: ModelId): number {
    let count = 0
    for (const lease of this.served.values()) if (lease.model === model && !lease.isCut) count++
    return count
  }

  end(model: ModelId): void {
    this.children.delete(model)
    for (const lease of this.served.values()) if (lease.model === model) lease.isCut = true
  }

  /** Adds to what the machines know what only they know. Leases of ended lives go first. */
  complete(state: State, tellsStuck: boolean): Scene {
    const isCut = (request: RequestId) => this.served.get(request)?.isCut === true
    const outside = new Map<ModelId, Outside>()
    let { models } = state.ledger
    for (const record of models) {
      const { settings, leases } = record
      const cut = leases.filter(isCut)
      const wasStuck = tellsStuck && this.children.get(settings.id)?.wasStuck === true
      outside.set(settings.id, { cut: cut.length, wasStuck })
      if (cut.length === 0) continue
      const sorted = { ...record, leases: [...cut, ...leases.filter((request) => !isCut(request))] }
      models = models.map((other) => (other === record ? sorted : other))
    }
    return { ...state, ledger: { ...state.ledger, models }, outside }
  }
}
