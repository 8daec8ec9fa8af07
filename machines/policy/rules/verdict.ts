import type { ModelId } from '../../../config/config.ts'
import type { Command } from '../../events.ts'
import type { RequestId, SwapId } from '../../ids.ts'
import type { Verdict } from '../decide.ts'
import type { Refusal } from '../failure.ts'
import { type Ledger, livesOf, recordOf, type Ticket, withRecord, withSwap } from '../ledger.ts'
import { isOutdated } from '../outdated.ts'
import type { Step } from './step.ts'

type Wait = Extract<Verdict, { type: 'wait' }>

/** Carries out a verdict for tickets of one model that are not in the queue. */
export function settleTickets(ledger: Ledger, tickets: readonly Ticket[], verdict: Exclude<Verdict, Wait>): Step {
  switch (verdict.type) {
    case 'refuse':
      return refuse(ledger, tickets, verdict.refusal)
    case 'join':
      return [withSwap(ledger, { ...verdict.swap, waiters: [...verdict.swap.waiters, ...tickets] }), []]
    case 'serve':
      return grant(ledger, tickets, verdict.life)
    case 'swap':
      return startSwap(ledger, tickets, verdict.evict)
  }
}

/** A request must wait. If only a load that nobody waits for is in its way, that load is given up (scheduling §4). */
export function hold(ledger: Ledger, { behind }: Wait): Step {
  if (behind.type !== 'swap' || behind.swap.waiters.length > 0 || behind.swap.aborting) return [ledger, []]
  return abort(ledger, behind.swap.id)
}

/** Gives a load up. Its waiters, if any, must have been answered. */
export function abort(ledger: Ledger, id: SwapId): Step {
  const swap = ledger.swaps.find((other) => other.id === id)
  if (!swap || swap.aborting) return [ledger, []]
  const next = withSwap(ledger, { ...swap, waiters: [], aborting: true })
  return [next, [{ type: 'swap.abort', swap: id, target: swap.target, at: ledger.now }]]
}

export function refuse(
  ledger: Ledger,
  tickets: readonly { request: RequestId; model: ModelId }[],
  refusal: Refusal,
): Step {
  return [ledger, tickets.map(({ request, model }): Command => ({ type: 'grant.error', request, model, refusal }))]
}

/** Counts the leases in the step that grants them: from here on nothing may stop the model under them (I2). */
export function grant(ledger: Ledger, tickets: readonly Ticket[], swap: SwapId): Step {
  const [first] = tickets
  if (!first) return [ledger, []]
  const { model } = first
  const leases = [...(recordOf(ledger, model)?.leases ?? []), ...tickets.map(({ request }) => request)]
  const grants = tickets.map(({ request }): Command => ({ type: 'grant.serve', request, model, swap }))
  return [withRecord(ledger, model, { leases }), grants]
}

/** Binds the victims: from here on every request for one of them collides with this swap (scheduling §9, "victim busy again"). */
function startSwap(ledger: Ledger, waiters: readonly Ticket[], evict: readonly ModelId[]): Step {
  const [first] = waiters
  if (!first) return [ledger, []]
  const id = (ledger.lastSwap + 1) as SwapId
  const target = first.model
  const record = recordOf(ledger, target)
  const keep = record?.presence.state === 'ready' && !isOutdated(record) ? record.presence.swap : null
  const clear = livesOf(ledger, keep === null ? [...evict, target] : evict)
  const swap = { id, target, evict, since: ledger.now, waiters, aborting: false }
  const next = { ...ledger, lastSwap: id, swaps: [...ledger.swaps, swap] }
  return [next, [{ type: 'swap.start', swap: id, target, clear, keep, at: ledger.now }]]
}
