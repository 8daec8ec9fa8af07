import type { Command } from '../../events.ts'
import { decide } from '../decide.ts'
import type { Ledger } from '../ledger.ts'
import { plannerOf } from '../planners.ts'
import type { Step } from './step.ts'
import { hold, settleTickets } from './verdict.ts'

/**
 * The world changed: asks again for everyone in the queue, in its order. One verdict serves all tickets of a model. Those
 * that still wait keep their places, and nothing later in the walk can free them: grants and swaps only take places.
 */
export function reconsider(ledger: Ledger): Step {
  const plan = plannerOf(ledger.routing)
  const commands: Command[] = []
  let next = ledger

  for (const model of new Set(ledger.queue.map((ticket) => ticket.model))) {
    const verdict = decide(next, plan, model)
    const [after, more] = verdict.type === 'wait' ? hold(next, verdict) : settleTickets(...take(next, model), verdict)
    next = after
    commands.push(...more)
  }
  return [next, commands]
}

/** The queue without the model's tickets, and those tickets. */
function take(ledger: Ledger, model: Ledger['queue'][number]['model']): [Ledger, Ledger['queue']] {
  const isOf = (ticket: Ledger['queue'][number]) => ticket.model === model
  return [{ ...ledger, queue: ledger.queue.filter((ticket) => !isOf(ticket)) }, ledger.queue.filter(isOf)]
}
