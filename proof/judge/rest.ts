import { type Ledger, recordOf, swapTo } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import type { State } from '../system/system.ts'
import type { Happening } from './happening.ts'
import { demand } from './violation.ts'

/**
 * A model that rests does so for its ttl, one that is outdated until its drain is over, one that is ready has not failed, and
 * one that has failed is not loaded before its back-off is over.
 */
export function checkRest({ ledger, processes }: State): void {
  for (const record of ledger.models) {
    const { settings, presence, leases, backoff } = record
    const isSpared = backoff === null || ledger.now >= backoff.until || !swapTo(ledger, settings.id)
    demand('scheduling §6', isSpared, () => `${settings.id} has failed, and is loaded again at once`)
    if (presence.state !== 'ready') continue
    const isTimed = processes.get(settings.id)?.value === 'alive.ready.timed'
    if (isOutdated(record)) {
      const isDraining = leases.length > 0 && presence.drainUntil !== null && isTimed
      demand('I12', isDraining, () => `${settings.id} is outdated, and nothing ends it`)
      continue
    }
    const isWatched = settings.ttlMs === 0 || leases.length > 0 || isTimed
    demand('scheduling §6', isWatched, () => `${settings.id} rests, and its timer does not run`)
    demand('scheduling §6', backoff === null, () => `${settings.id} is ready, and is taken to have failed`)
  }
}

/** The ttl counts from the last release. */
export function checkRelease(ledger: Ledger, { event }: Happening): void {
  if (event?.type !== 'serve.done') return
  const record = recordOf(ledger, event.model)
  if (record?.presence.state !== 'ready' || record.leases.length > 0 || isOutdated(record)) return
  demand('scheduling §6', record.presence.restedAt === event.at, () => `${event.model} rests since before its release`)
}
