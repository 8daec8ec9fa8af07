import type { ModelId } from '../../config/config.ts'
import type { Ticket } from './ledger.ts'

/** Who stands in a queue. */
export interface Census {
  /** How many for each model, in the order in which they are asked again. */
  readonly counts: ReadonlyMap<ModelId, number>
  /** Who has waited the longest. */
  readonly eldest: Ticket | undefined
}

const taken = new WeakMap<readonly Ticket[], Census>()

/** Taken once for each queue, which is replaced and never changed: most events ask of it and leave it as it is. */
export function censusOf(queue: readonly Ticket[]): Census {
  const known = taken.get(queue)
  if (known) return known
  const counts = new Map<ModelId, number>()
  let eldest: Ticket | undefined
  for (const ticket of queue) {
    counts.set(ticket.model, (counts.get(ticket.model) ?? 0) + 1)
    if (!eldest || ticket.request < eldest.request) eldest = ticket
  }
  const census = { counts, eldest }
  taken.set(queue, census)
  return census
}
