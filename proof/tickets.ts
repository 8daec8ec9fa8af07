import type { Ledger, Ticket } from '../machines/policy/ledger.ts'

/** Everyone who waits, in the queue or for a swap. */
export function ticketsOf({ queue, swaps }: Ledger): readonly Ticket[] {
  let tickets = queue
  for (const { waiters } of swaps) if (waiters.length > 0) tickets = [...tickets, ...waiters]
  return tickets
}

export function oldestOf(tickets: readonly Ticket[]): Ticket | undefined {
  let oldest = tickets[0]
  for (const ticket of tickets) if (ticket.request < oldest!.request) oldest = ticket
  return oldest
}

/** Whether it has waited so long that nobody may overtake it (scheduling §7). */
export function hasWaited({ now, routing: { maxWaitMs } }: Ledger, { at }: Ticket): boolean {
  return maxWaitMs > 0 && now - at >= maxWaitMs
}
