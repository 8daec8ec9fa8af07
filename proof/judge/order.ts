import { type Ledger, recordOf, type Ticket } from '../../machines/policy/ledger.ts'
import { ticketsOf } from '../tickets.ts'
import type { Happening } from './happening.ts'
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
export function checkAdmission({ before, event, refusals }: Happening): void {
  if (event?.type !== 'request' || before.scheduler !== 'open') return
  const { model } = event
  const record = recordOf(before.ledger, model)
  const waiting = ticketsOf(before.ledger).filter((ticket) => ticket.model === model).length
  const isFull = record !== undefined && waiting + record.leases.length >= record.settings.concurrencyLimit
  const isTurnedAway = refusals.some(({ refusal }) => refusal.reason === 'concurrency limit')
  demand('scheduling §2.2', isFull === isTurnedAway, () => `${model} is ${isFull ? 'full' : 'free'} and asked for`)
}

/** A completed swap serves whoever waited for it (I10). */
export function checkCompletions({ completed, grants }: Happening): void {
  for (const { done, waiters } of completed) {
    const areServed = waiters.every((waiter) => grants.some(({ request }) => request === waiter))
    demand('I10', areServed, () => `swap ${done.swap} is complete, and of its waiters ${waiters} not all are served`)
  }
}

/** A load that has failed is followed by a back-off. */
export function checkFailures(ledger: Ledger, { failed }: Happening): void {
  for (const model of failed) {
    const backoff = recordOf(ledger, model)?.backoff
    const isBackedOff = backoff != null && ledger.now < backoff.until
    demand('scheduling §6', isBackedOff, () => `${model} has failed, and nobody remembers`)
  }
}
