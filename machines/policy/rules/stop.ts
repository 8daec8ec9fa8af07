import type { Life } from '../../child.ts'
import { type Ledger, withRecord } from '../ledger.ts'
import type { Step } from './step.ts'

/** Stops the lives. From this step on nothing is granted to them, so that a request and a stop cannot cross. */
export function stop(ledger: Ledger, lives: readonly Life[], graceMs: number | null): Step {
  if (lives.length === 0) return [ledger, []]
  const next = lives.reduce(
    (current, { model, swap }) => withRecord(current, model, { presence: { state: 'stopping', swap } }),
    ledger,
  )
  return [next, [{ type: 'processes.stop', lives, graceMs, at: ledger.now }]]
}
