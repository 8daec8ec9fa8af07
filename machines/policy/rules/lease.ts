import type { ClientEvent } from '../../events.ts'
import { type Ledger, recordOf, withRecord } from '../ledger.ts'
import { isOutdated } from '../outdated.ts'
import type { Step } from './step.ts'
import { stop } from './stop.ts'

/**
 * A response has ended, failed or been abandoned. A lease that is not held changes nothing. The last one of an outdated
 * process is its end.
 */
export function release(ledger: Ledger, event: Extract<ClientEvent, { type: 'serve.done' }>): Step {
  const { request, model, at } = event
  const record = recordOf(ledger, model)
  if (!record?.leases.includes(request)) return [ledger, []]

  const leases = record.leases.filter((other) => other !== request)
  const { presence, settings } = record
  if (leases.length > 0 || presence.state !== 'ready') return [withRecord(ledger, model, { leases }), []]

  const life = { model, swap: presence.swap }
  if (isOutdated(record)) return stop(withRecord(ledger, model, { leases }), [life], null)

  const rested = { ...presence, restedAt: at, idleDue: false }
  const next = withRecord(ledger, model, { leases, presence: rested })
  if (!presence.idleDue || settings.ttlMs === 0) return [next, []]
  return [next, [{ type: 'idle.wind', ...life, forMs: settings.ttlMs, at }]]
}
