import type { ModelId } from '../../../config/config.ts'
import type { Refusal } from '../failure.ts'
import { type Ledger, livesOf } from '../ledger.ts'
import { inTurn, type Step } from './step.ts'
import { stop } from './stop.ts'
import { abort, refuse } from './verdict.ts'

/** Refuses everyone who waits for one of the models, and gives up their loads. */
export function dismiss(ledger: Ledger, models: readonly ModelId[], refusal: Refusal): Step {
  const isOf = ({ model }: { model: ModelId }) => models.includes(model)
  const swaps = ledger.swaps.filter(({ target }) => models.includes(target))
  const tickets = [...swaps.flatMap(({ waiters }) => waiters), ...ledger.queue.filter(isOf)]

  const rest = { ...ledger, queue: ledger.queue.filter((ticket) => !isOf(ticket)) }
  const aborts = swaps.map(
    ({ id }) =>
      (current: Ledger) =>
        abort(current, id),
  )
  return inTurn(rest, [(current) => refuse(current, tickets, refusal), ...aborts])
}

/** Clears the models out: dismisses who waits for them and stops what is alive, leased or not. */
export function vacate(ledger: Ledger, models: readonly ModelId[], refusal: Refusal, graceMs: number | null): Step {
  return inTurn(ledger, [
    (current) => dismiss(current, models, refusal),
    (current) => stop(current, livesOf(current, models), graceMs),
  ])
}
