import type { ModelId } from '../../config/config.ts'
import { admitted, type Ledger, recordOf, type Ticket } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import type { State } from '../system/system.ts'
import { demand } from './violation.ts'

/** Higher priority first, arrival order within equal priority. */
export function checkQueue(ledger: Ledger): void {
  const priorityOf = ({ model }: Ticket) => recordOf(ledger, model)?.settings.priority ?? 0
  ledger.queue.forEach((ticket, place) => {
    const next = ledger.queue[place + 1]
    const lead = next ? priorityOf(ticket) - priorityOf(next) : 1
    const isInOrder = lead > 0 || (lead === 0 && ticket.request < next!.request)
    demand('scheduling §2', isInOrder, () => `request ${next?.request} is behind request ${ticket.request}`)
  })
}

/** No swap stops another's target, and no two stop the same model. */
export function checkSwaps({ swaps }: Ledger): void {
  const taken = swaps.flatMap(({ target, evict }) => [target, ...evict])
  demand('scheduling §2.5', new Set(taken).size === taken.length, () => `swaps under way collide on ${taken}`)
}

/** A request is turned away exactly if as many were admitted as may be. */
export function checkAdmission(before: Ledger, model: ModelId, isTurnedAway: boolean): void {
  const record = recordOf(before, model)
  const isFull = record !== undefined && admitted(before, record) >= record.settings.concurrencyLimit
  demand('scheduling §2.2', isFull === isTurnedAway, () => `${model} is ${isFull ? 'full' : 'free'} and asked for`)
}

/** A model that rests does so for its ttl, one that is outdated until its drain is over, and one that is ready has not failed. */
export function checkRest({ ledger, processes }: State): void {
  for (const record of ledger.models) {
    const { settings, presence, leases, backoff } = record
    if (presence.state !== 'ready') continue
    const isTimed = processes.get(settings.id)?.value === 'alive.ready.timed'
    if (isOutdated(record)) {
      const isDraining = leases.length > 0 && presence.drainUntil !== null && isTimed
      demand('I12', isDraining, () => `${settings.id} is outdated, and nothing ends it`)
      continue
    }
    const isWatched = settings.ttlMs === 0 || leases.length > 0 || isTimed
    demand('scheduling §6', isWatched, () => `${settings.id} rests, and its timer does not run`)
    demand('scheduling §6', backoff === null, () => `${settings.id} is ready, and is taken to have failed`)
  }
}
