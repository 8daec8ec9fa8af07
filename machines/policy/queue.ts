import { type Ledger, recordOf, type Ticket } from './ledger.ts'

/** Higher priority first, arrival order within equal priority (scheduling §2). */
function goesBefore(ledger: Ledger, a: Ticket, b: Ticket): boolean {
  const ahead = priorityOf(ledger, a) - priorityOf(ledger, b)
  return ahead > 0 || (ahead === 0 && a.request < b.request)
}

function priorityOf(ledger: Ledger, ticket: Ticket): number {
  return recordOf(ledger, ticket.model)?.settings.priority ?? 0
}

/** Puts everyone in the queue in their place again: priorities have changed. */
export function requeue(ledger: Ledger): Ledger {
  return ledger.queue.reduce(enqueue, { ...ledger, queue: [] })
}

/** Puts the ticket in its place, which is nearly always the last: the search begins there. */
export function enqueue(ledger: Ledger, ticket: Ticket): Ledger {
  const { queue } = ledger
  let place = queue.length
  while (place > 0 && goesBefore(ledger, ticket, queue[place - 1]!)) place--
  return { ...ledger, queue: queue.toSpliced(place, 0, ticket) }
}
