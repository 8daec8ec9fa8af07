import type { Command, ControlEvent } from '../../events.ts'
import { type Ledger, livesOf, recordOf, type Unload, whatBecameOf, withRecord } from '../ledger.ts'
import type { Step } from './step.ts'
import { vacate } from './vacate.ts'

/**
 * Somebody wants these models gone: who waits for them is told so, their loads are given up, their processes stop at once,
 * responses or not (scheduling §5). `unload.done` follows when all are gone; requests for other models wait for nothing.
 */
export function withdraw(ledger: Ledger, event: Extract<ControlEvent, { type: 'unload' }>): Step {
  const models = event.models.filter((model) => recordOf(ledger, model))
  const loads = ledger.swaps.filter(({ target }) => models.includes(target))
  const lives = [...livesOf(ledger, models), ...loads.map(({ target, id }) => ({ model: target, swap: id }))]

  const [vacated, commands] = vacate(ledger, models, { reason: 'unloaded' }, null)
  const forgiven = models.reduce((next, model) => withRecord(next, model, { backoff: null }), vacated)
  return [{ ...forgiven, unloads: [...ledger.unloads, { id: event.unload, lives }] }, commands]
}

/** Answers the unloads whose last life has ended, or has turned out not to end. */
export function conclude(ledger: Ledger): Step {
  const commands: Command[] = []
  const open: Unload[] = []
  for (const unload of ledger.unloads) {
    const ends = unload.lives.map((life) => whatBecameOf(ledger, life))
    if (ends.includes('alive')) open.push(unload)
    else {
      const stuck = unload.lives.filter((_, index) => ends[index] === 'stuck').map(({ model }) => model)
      commands.push({ type: 'unload.done', unload: unload.id, stuck })
    }
  }
  return commands.length === 0 ? [ledger, commands] : [{ ...ledger, unloads: open }, commands]
}
