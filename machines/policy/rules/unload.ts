import type { Life } from '../../child.ts'
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
  return [{ ...forgiven, unloads: [...ledger.unloads, { id: event.unload, lives, stuck: [] }] }, commands]
}

/** Strikes off the lives that have ended, or have turned out not to end, and answers the unloads that await no other. */
export function conclude(ledger: Ledger): Step {
  if (ledger.unloads.length === 0) return [ledger, []]
  const unloads = ledger.unloads.map((unload) => strikeOff(ledger, unload))
  const isOpen = ({ lives }: Unload) => lives.length > 0
  const commands = unloads
    .filter((unload) => !isOpen(unload))
    .map(({ id, stuck }): Command => ({ type: 'unload.done', unload: id, stuck: stuck.map(({ model }) => model) }))
  return [{ ...ledger, unloads: unloads.filter(isOpen) }, commands]
}

function strikeOff(ledger: Ledger, { id, lives, stuck }: Unload): Unload {
  const isNow = (end: ReturnType<typeof whatBecameOf>) => (life: Life) => whatBecameOf(ledger, life) === end
  const stillStuck = stuck.filter((life) => !isNow('over')(life))
  return { id, lives: lives.filter(isNow('alive')), stuck: [...stillStuck, ...lives.filter(isNow('stuck'))] }
}
