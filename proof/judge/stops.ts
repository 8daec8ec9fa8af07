import type { ModelId } from '../../config/config.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import type { Happening } from './happening.ts'
import type { Outsiders } from './outsiders.ts'
import { demand } from './violation.ts'

/**
 * Why a process may be told to end. Responses are cut only by who wants it so, and by the end of a drain; and a timer ends a
 * model only if it has rested for its ttl.
 */
export function checkStop(model: ModelId, happening: Happening, outsiders: Outsiders): void {
  const child = outsiders.children.get(model)
  if (!child || child.isTold || happening.mayCut) return
  const record = recordOf(happening.before.ledger, model)
  if (record?.presence.state !== 'ready') return
  const { drainUntil, restedAt } = record.presence
  const responses = outsiders.responses(model)
  const hasRung = happening.rung === model

  if (drainUntil !== null && isOutdated(record)) {
    const isOver = hasRung && drainUntil <= 0
    demand(
      'I12',
      responses === 0 || isOver,
      () => `${model} is stopped before its drain is over, and serves ${responses}`,
    )
    return
  }
  demand(happening.isReload ? 'I12' : 'I2', responses === 0, () => `${model} is stopped and serves ${responses}`)
  const { ttlMs } = record.settings
  const hasRested = ttlMs > 0 && restedAt + ttlMs <= 0
  demand('scheduling §6', !hasRung || hasRested, () => `the timer stops ${model}, which has not rested for its ttl`)
}
