import { byCodePoint } from '../../../config/order.ts'
import type { ControlEvent } from '../../events.ts'
import { type Ledger, type ModelRecord, openRecord, recordOf, swapTo } from '../ledger.ts'
import { requeue } from '../queue.ts'
import type { ModelSettings, Settings } from '../settings.ts'
import { inTurn, type Step } from './step.ts'
import { planAgain, retire, windTimers } from './turnover.ts'
import { dismiss } from './vacate.ts'

type ConfigChanged = Extract<ControlEvent, { type: 'config.changed' }>

/**
 * Another configuration is in force (config §14.3). A model whose fingerprint did not change keeps its process, its
 * responses and its load; its other settings change in place. What a changed or removed model has running is outdated.
 * Whoever waits for a changed model waits for its new process; whoever waits for a removed one is told.
 */
export function adopt(ledger: Ledger, { settings }: ConfigChanged): Step {
  const models = recordsUnder(settings, ledger)
  const removed = models.filter(({ isRemoved }) => isRemoved).map((record) => record.settings.id)
  const { routing, reloadDrainMs } = settings
  return inTurn({ ...ledger, models, routing, reloadDrainMs }, [
    (next) => configure(next, ledger),
    (next) => dismiss(next, removed, { reason: 'removed' }),
    planAgain,
    (next) => [requeue(next), []],
    retire,
    (next) => windTimers(next, ledger),
  ])
}

/** Lets go of removed models of which nothing is left. */
export function discard(ledger: Ledger): Step {
  const isGone = ({ settings, isRemoved, presence, leases }: ModelRecord) =>
    isRemoved && presence.state === 'stopped' && leases.length === 0 && !swapTo(ledger, settings.id)
  const gone = ledger.models.filter(isGone)
  if (gone.length === 0) return [ledger, []]
  const next = { ...ledger, models: ledger.models.filter((record) => !gone.includes(record)) }
  return [next, [{ type: 'processes.drop', models: gone.map(({ settings }) => settings.id), at: ledger.now }]]
}

/** The records of the configured models, and of those that are no longer. A model that is changed may fail anew. */
function recordsUnder(settings: Settings, ledger: Ledger): readonly ModelRecord[] {
  const configured = settings.models.map((model): ModelRecord => {
    const record = recordOf(ledger, model.id)
    if (!record) return openRecord(model)
    const backoff = record.settings.fingerprint === model.fingerprint ? record.backoff : null
    return { ...record, settings: model, isRemoved: false, backoff }
  })
  const ids = new Set(settings.models.map(({ id }) => id))
  const removed = ledger.models.filter((record) => !ids.has(record.settings.id))
  return [...configured, ...removed.map((record) => ({ ...record, isRemoved: true }))].sort((a, b) =>
    byCodePoint(a.settings.id, b.settings.id),
  )
}

/** Tells the process actors what concerns them, and has those made that are missing. */
function configure(ledger: Ledger, before: Ledger): Step {
  const models = ledger.models
    .map(({ settings }) => settings)
    .filter((settings) => !isSame(settings, recordOf(before, settings.id)?.settings))
  return [ledger, models.length === 0 ? [] : [{ type: 'processes.configure', models, at: ledger.now }]]
}

function isSame(one: ModelSettings, other: ModelSettings | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
