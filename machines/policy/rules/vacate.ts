import type { ModelId } from '../../../config/config.ts'
import type { Command } from '../../events.ts'
import type { Refusal } from '../failure.ts'
import { type Ledger, livesOf, withRecord } from '../ledger.ts'
import type { Step } from './step.ts'
import { abort, refuse } from './verdict.ts'

/** Refuses everyone who waits for one of the models, and gives up their loads. */
export function dismiss(ledger: Ledger, models: readonly ModelId[], refusal: Refusal): Step {
  const isOf = ({ model }: { model: ModelId }) => models.includes(model)
  const swaps = ledger.swaps.filter(({ target }) => models.includes(target))
  const tickets = [...swaps.flatMap(({ waiters }) => waiters), ...ledger.queue.filter(isOf)]

  const commands: Command[] = [...refuse(ledger, tickets, refusal)[1]]
  let next: Ledger = { ...ledger, queue: ledger.queue.filter((ticket) => !isOf(ticket)) }
  for (const { id } of swaps) {
    const [after, more] = abort(next, id)
    next = after
    commands.push(...more)
  }
  return [next, commands]
}

/** Clears the models out: dismisses who waits for them and stops what is alive, leased or not. */
export function vacate(ledger: Ledger, models: readonly ModelId[], refusal: Refusal, graceMs: number | null): Step {
  const [dismissed, commands] = dismiss(ledger, models, refusal)
  const lives = livesOf(dismissed, models)
  if (lives.length === 0) return [dismissed, commands]

  const next = lives.reduce(
    (current, { model, swap }) => withRecord(current, model, { presence: { state: 'stopping', swap } }),
    dismissed,
  )
  return [next, [...commands, { type: 'processes.stop', lives, graceMs, at: ledger.now }]]
}
