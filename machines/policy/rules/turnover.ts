import type { Command } from '../../events.ts'
import { type Ledger, type ModelRecord, recordOf, type Swap, withRecord, withSwap } from '../ledger.ts'
import { isDraining, isOutdated } from '../outdated.ts'
import { enqueue } from '../queue.ts'
import { inTurn, type Step } from './step.ts'
import { stop } from './stop.ts'
import { abort } from './verdict.ts'

/**
 * Gives up the loads of what is outdated, and the swaps that have not started their target yet: those were planned by rules
 * that may have changed, and are planned again. Their waiters go back to their places in the queue.
 */
export function planAgain(ledger: Ledger): Step {
  const swaps = ledger.swaps.filter((swap) => !swap.aborting && !isWellUnderWay(ledger, swap))
  return inTurn(
    ledger,
    swaps.map((swap) => (current) => {
      const queued = swap.waiters.reduce(enqueue, current)
      return abort(withSwap(queued, { ...swap, waiters: [] }), swap.id)
    }),
  )
}

/** Its target is loading, as it should be. */
function isWellUnderWay(ledger: Ledger, { id, target }: Swap): boolean {
  const record = recordOf(ledger, target)
  return record?.presence.swap === id && !isOutdated(record)
}

/** Stops outdated processes that serve nobody, and gives the others the time of the drain. */
export function retire(ledger: Ledger): Step {
  const ready = ledger.models.filter((record) => record.presence.state === 'ready' && isOutdated(record))
  const resting = ready.filter((record) => !isDraining(record)).map(lifeOf)
  return inTurn(ledger, [
    ...ready.filter(isDraining).map((record) => (current: Ledger) => drain(current, record)),
    (current) => stop(current, resting, null),
  ])
}

/** A second reload gives it no more time than the first. */
function drain(ledger: Ledger, record: ModelRecord): Step {
  const { settings, presence } = record
  if (presence.state !== 'ready' || presence.drainUntil !== null) return [ledger, []]
  const { now: at, reloadDrainMs: forMs } = ledger
  const next = withRecord(ledger, settings.id, { presence: { ...presence, drainUntil: at + forMs } })
  return [next, [{ type: 'idle.wind', ...lifeOf(record), forMs, at }]]
}

/** The timers of processes that go on: a changed ttl counts from where the old one did. */
export function windTimers(ledger: Ledger, before: Ledger): Step {
  const rules = ledger.models.map((record) => (current: Ledger): Step => {
    const { settings, presence } = record
    if (presence.state !== 'ready' || isOutdated(record)) return [current, []]
    const ttlMs = recordOf(before, settings.id)?.settings.ttlMs
    if (ttlMs === settings.ttlMs && presence.drainUntil === null) return [current, []]

    const next = withRecord(current, settings.id, { presence: { ...presence, drainUntil: null } })
    const forMs = Math.max(0, presence.restedAt + settings.ttlMs - ledger.now)
    const wind: Command = { type: 'idle.wind', ...lifeOf(record), forMs, at: ledger.now }
    return [next, settings.ttlMs > 0 ? [wind] : []]
  })
  return inTurn(ledger, rules)
}

function lifeOf({ settings, presence }: ModelRecord) {
  return { model: settings.id, swap: presence.swap }
}
