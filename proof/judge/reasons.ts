import type { ModelId } from '../../config/config.ts'
import { byCodePoint } from '../../config/order.ts'
import { decide } from '../../machines/policy/decide.ts'
import { type Ledger, recordOf, resident, type Swap, type Ticket } from '../../machines/policy/ledger.ts'
import { isDraining, isOutdated, leftoversInTheWay } from '../../machines/policy/outdated.ts'
import { plannerOf } from '../../machines/policy/planners.ts'
import type { State } from '../system/system.ts'
import { hasWaited, oldestOf, ticketsOf } from '../tickets.ts'
import type { Happening } from './happening.ts'
import { demand } from './violation.ts'

/** Whoever is in the queue waits for something that will move it (I7), and for nothing that is none of its business (I6). */
export function checkWaits({ ledger, scheduler }: Pick<State, 'ledger' | 'scheduler'>): void {
  const { queue, swaps, models } = ledger
  demand(
    'scheduling §8',
    scheduler === 'open' || ticketsOf(ledger).length === 0,
    () => 'somebody waits for a server that ends',
  )
  if (queue.length === 0) return
  const moves = swaps.length > 0 || models.some(({ leases }) => leases.length > 0)
  demand('I7', moves, () => `${queue.length} wait for nothing`)
  for (const model of new Set(queue.map((ticket) => ticket.model))) {
    const { type } = decide(ledger, plannerOf(ledger.routing), model)
    demand('I7', type === 'wait', () => `${model} waits, and the verdict on it is ${type}`)
    demand('I6', isHeldUp(ledger, model), () => `${model} waits, and nothing is in its way`)
  }
}

/** Whether anything is in the way of a request for this model (scheduling §2.5, §2.7, §7). */
function isHeldUp(ledger: Ledger, model: ModelId): boolean {
  const plan = plannerOf(ledger.routing)
  const record = recordOf(ledger, model)!
  const { presence } = record
  const isReady = presence.state === 'ready' && !isOutdated(record)
  const residents = isReady ? resident(ledger) : resident(ledger).filter((other) => other !== model)
  const evict = [...plan(model, residents), ...leftoversInTheWay(ledger, record)]
  if (isDraining(record) || evict.some((victim) => recordOf(ledger, victim)!.leases.length > 0)) return true
  const collisions = ledger.swaps.filter(
    (swap) =>
      swap.target === model ||
      evict.includes(swap.target) ||
      swap.evict.includes(model) ||
      swap.evict.some((victim) => evict.includes(victim)) ||
      plan(swap.target, [model]).length > 0,
  )
  const isWanted = collisions.length === 0 || collisions.some(({ waiters, aborting }) => waiters.length > 0 || aborting)
  demand('scheduling §4', isWanted, () => `${model} waits for a load that nobody waits for`)
  if (collisions.length > 0) return true
  const elder = oldestOf(ledger.queue)!
  return (
    elder.model !== model && hasWaited(ledger, elder) && !isTenant(ledger, model) && isInItsWay(ledger, elder, model)
  )
}

/** Whether the model was swapped in so lately that it is still served before the oldest. */
function isTenant({ models, now, routing }: Ledger, model: ModelId): boolean {
  const presence = models.find(({ settings }) => settings.id === model)?.presence
  return presence?.state === 'ready' && now - presence.since < routing.minTenureMs
}

/**
 * Nobody overtakes the oldest request in the queue once it has waited too long, except for a model in its tenure (scheduling §7).
 */
export function checkTurns(after: Ledger, happening: Happening): void {
  const before = happening.before.ledger
  const moved = movedBy(after, happening)
  const elder = oldestOf(after.queue)
  if (moved.length === 0 || !elder || !hasWaited(after, elder)) return
  if (!before.queue.some(({ request }) => request === elder.request)) return
  for (const { model, request } of moved) {
    // Younger requests for a model are served with the oldest one for it.
    if (moved.some((other) => other.model === model && other.request < elder.request)) continue
    const overtakes =
      model !== elder.model && !isTenant(before, model) && isInItsWay(withoutLoads(after, before), elder, model)
    demand(
      'scheduling §7',
      !overtakes,
      () => `request ${request} for ${model} overtakes the one for ${elder.model} that has waited too long`,
    )
  }
}

/** Who was granted or has begun to load, but for those who were waiting for a load that is complete. */
function movedBy(after: Ledger, happening: Happening): readonly Omit<Ticket, 'at'>[] {
  const granted = happening.grants.filter(({ request }) => !happening.hasJoined(request))
  const isNew = ({ id }: Swap) => !happening.before.ledger.swaps.some((swap) => swap.id === id)
  return [...granted, ...after.swaps.filter(isNew).flatMap(({ waiters }) => waiters)]
}

/** Whether the ticket's swap must stop the model, or another one because of it. */
function isInItsWay(ledger: Ledger, { model: target }: Ticket, model: ModelId): boolean {
  const plan = plannerOf(ledger.routing)
  const others = resident(ledger).filter((other) => other !== target)
  const victims = plan(target, others)
  if (others.includes(model)) return victims.includes(model)
  return plan(target, [...others, model].sort(byCodePoint)).some((victim) => !victims.includes(victim))
}

/** As it was before the swaps of this step began. */
function withoutLoads(after: Ledger, before: Ledger): Ledger {
  return { ...after, swaps: after.swaps.filter(({ id }) => before.swaps.some((swap) => swap.id === id)) }
}
