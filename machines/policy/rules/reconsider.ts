import type { Command } from '../../events.ts'
import { censusOf } from '../census.ts'
import { decide } from '../decide.ts'
import type { Ledger } from '../ledger.ts'
import { plannerOf } from '../planners.ts'
import { inTurn, type Step } from './step.ts'
import { hold, settleTickets } from './verdict.ts'

/**
 * The world changed: asks again for everyone in the queue, in its order. One verdict serves all tickets of a model. Those
 * that still wait keep their places. Nothing later in the walk can free them, as grants and swaps only take places: but for
 * those who let the oldest go first, and are asked again once somebody has gone.
 */
export function reconsider(ledger: Ledger): Step {
  const plan = plannerOf(ledger.routing)
  const commands: Command[] = []
  let next = ledger
  let hasLetGoFirst = false

  for (const model of censusOf(ledger.queue).counts.keys()) {
    const verdict = decide(next, plan, model)
    const isWait = verdict.type === 'wait'
    const [after, more] = isWait ? hold(next, verdict) : settleTickets(...take(next, model), verdict)
    next = after
    commands.push(...more)
    if (isWait) hasLetGoFirst ||= verdict.behind.type === 'turn'
    else if (hasLetGoFirst) return inTurn(next, [(current) => [current, commands], reconsider])
  }
  return [next, commands]
}

/** The queue without the model's tickets, and those tickets. */
function take(ledger: Ledger, model: Ledger['queue'][number]['model']): [Ledger, Ledger['queue']] {
  const isOf = (ticket: Ledger['queue'][number]) => ticket.model === model
  return [{ ...ledger, queue: ledger.queue.filter((ticket) => !isOf(ticket)) }, ledger.queue.filter(isOf)]
}
