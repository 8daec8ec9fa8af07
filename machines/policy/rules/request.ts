import type { ClientEvent } from '../../events.ts'
import { decide } from '../decide.ts'
import { admitted, type Ledger, recordOf, withSwap } from '../ledger.ts'
import { plannerOf } from '../planners.ts'
import { enqueue } from '../queue.ts'
import type { Step } from './step.ts'
import { hold, refuse, settleTickets } from './verdict.ts'

type Request = Extract<ClientEvent, { type: 'request' }>
type Cancel = Extract<ClientEvent, { type: 'request.cancel' }>

/** A request arrives: admit it or refuse it at once, then find out what becomes of it. */
export function consider(ledger: Ledger, { request, model, at }: Request): Step {
  const ticket = { request, model, at }
  const record = recordOf(ledger, model)
  const limit = record?.settings.concurrencyLimit
  if (record && limit !== undefined && admitted(ledger, record) >= limit) {
    return refuse(ledger, [ticket], { reason: 'concurrency limit', limit })
  }
  const verdict = decide(ledger, plannerOf(ledger.routing), model)
  return verdict.type === 'wait' ? hold(enqueue(ledger, ticket), verdict) : settleTickets(ledger, [ticket], verdict)
}

/** The client left: a request that waits vanishes. One that was granted ends with its lease. */
export function forget(ledger: Ledger, { request }: Cancel): Step {
  const isOther = (ticket: { request: Cancel['request'] }) => ticket.request !== request
  const swap = ledger.swaps.find(({ waiters }) => !waiters.every(isOther))
  if (swap) return [withSwap(ledger, { ...swap, waiters: swap.waiters.filter(isOther) }), []]
  return [{ ...ledger, queue: ledger.queue.filter(isOther) }, []]
}

/** A shutdown has begun: a late request is turned away. */
export function refuseLate(ledger: Ledger, request: Request): Step {
  return refuse(ledger, [request], { reason: 'shutting down' })
}
