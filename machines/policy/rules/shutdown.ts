import type { Ledger } from '../ledger.ts'
import type { Step } from './step.ts'
import { dismiss, vacate } from './vacate.ts'

const refusal = { reason: 'shutting down' } as const

/** Shutdown begins: nobody waits any longer, loads are given up, responses may finish (scheduling §8). */
export function refuseAll(ledger: Ledger): Step {
  return dismiss(ledger, everyModel(ledger), refusal)
}

/** Stops every process at once. `graceMs` is what is left of the shutdown's budget. */
export function stopAll(ledger: Ledger, graceMs: number): Step {
  return vacate(ledger, everyModel(ledger), refusal, graceMs)
}

/** Nothing is served any more. */
export function isDrained(ledger: Ledger): boolean {
  return ledger.models.every(({ leases }) => leases.length === 0)
}

/** Nothing is alive any more, except what could not be stopped. */
export function isCleared(ledger: Ledger): boolean {
  const ended = ledger.models.every(({ presence: { state } }) => state === 'stopped' || state === 'stuck')
  return ended && ledger.swaps.length === 0
}

/** The end of the shutdown, and what it could not end. */
export function report(ledger: Ledger): Step {
  const stuck = ledger.models.filter(({ presence }) => presence.state === 'stuck').map(({ settings }) => settings.id)
  return [ledger, [{ type: 'shutdown.done', stuck }]]
}

function everyModel(ledger: Ledger) {
  return ledger.models.map(({ settings }) => settings.id)
}
