import type { ModelId } from '../../config/config.ts'
import type { RequestId } from '../ids.ts'
import { decide, type Obstacle } from './decide.ts'
import type { Ledger, Swap, Ticket } from './ledger.ts'
import { plannerOf } from './planners.ts'

/** Where a request stands that waits. */
export interface Standing {
  readonly ticket: Ticket
  /** Its place in the queue of all models together, from 1; null once its own model is on its way. */
  readonly position: number | null
  /** What it waits for; null when nothing is in its way, which is a stall: at rest something always is (I7). */
  readonly behind: Cause | null
}

/** Why a request waits: its own model is being brought up, or it cannot even begin to be. */
export type Cause = Obstacle | { readonly type: 'load'; readonly swap: Swap }

/**
 * Everyone who waits: those whose model is on its way, then the queue in its order. The verdict on each is asked for again,
 * so that what people are told is what the scheduler thinks.
 */
export function standings(ledger: Ledger): readonly Standing[] {
  const loading = ledger.swaps.flatMap((swap) =>
    swap.waiters.map((ticket): Standing => ({ ticket, position: null, behind: { type: 'load', swap } })),
  )
  const obstacles = new Map<ModelId, Obstacle | null>()
  const queued = ledger.queue.map((ticket, index): Standing => {
    let behind = obstacles.get(ticket.model)
    if (behind === undefined) {
      behind = obstacleOf(ledger, ticket)
      obstacles.set(ticket.model, behind)
    }
    return { ticket, position: index + 1, behind }
  })
  return [...loading, ...queued]
}

/** Where one request stands; undefined when it does not wait. */
export function standingOf(ledger: Ledger, request: RequestId): Standing | undefined {
  const isIt = (ticket: Ticket) => ticket.request === request
  for (const swap of ledger.swaps) {
    const ticket = swap.waiters.find(isIt)
    if (ticket) return { ticket, position: null, behind: { type: 'load', swap } }
  }
  const index = ledger.queue.findIndex(isIt)
  const ticket = ledger.queue[index]
  return ticket && { ticket, position: index + 1, behind: obstacleOf(ledger, ticket) }
}

function obstacleOf(ledger: Ledger, { model }: Ticket): Obstacle | null {
  const verdict = decide(ledger, plannerOf(ledger.routing), model)
  return verdict.type === 'wait' ? verdict.behind : null
}
