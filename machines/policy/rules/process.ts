import type { ProcessChanged, ProcessIdle } from '../../events.ts'
import { type Ledger, type ModelRecord, type Presence, recordOf, withRecord } from '../ledger.ts'
import type { Origin } from '../settings.ts'
import type { Step } from './step.ts'
import { stop } from './stop.ts'

/** A process entered another state. News of an earlier life than the current one changes nothing (I5). */
export function note(ledger: Ledger, event: ProcessChanged): Step {
  const record = recordOf(ledger, event.model)
  if (!record || isStale(record.presence, event)) return [ledger, []]
  const origin = event.state === 'starting' ? originOf(record) : record.origin
  return [withRecord(ledger, event.model, { presence: presenceOf(event), origin }), []]
}

/** What a process that starts now is started with. */
function originOf({ settings: { fingerprint, port } }: ModelRecord): Origin {
  return { fingerprint, port }
}

/** A life that has ended does not begin again, and a stop that was ordered is not undone by a readiness under way. */
function isStale(presence: Presence, { swap, state }: ProcessChanged): boolean {
  if (swap !== presence.swap) return swap < presence.swap
  return presence.state === 'stopped' || (presence.state === 'stopping' && (state === 'starting' || state === 'ready'))
}

function presenceOf({ state, swap, at }: ProcessChanged): Presence {
  switch (state) {
    case 'ready':
      return { state, swap, since: at, restedAt: at, idleDue: false, drainUntil: null }
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'stuck':
      return { state, swap }
  }
}

/**
 * The timer of a ready process rang. An outdated one has had its time. Any other stops only if it has really rested for its
 * whole ttl; otherwise the timer is wound for what is left, or, while a request is being served, by the last release. So
 * the timer costs nothing on the path of a request.
 */
export function expire(ledger: Ledger, { model, swap, at }: ProcessIdle): Step {
  const record = recordOf(ledger, model)
  if (record?.presence.state !== 'ready' || record.presence.swap !== swap) return [ledger, []]
  const { presence, settings, leases } = record
  if (presence.drainUntil !== null) return endBy(ledger, { model, swap, at }, presence.drainUntil)
  if (settings.ttlMs === 0) return [ledger, []]
  if (leases.length > 0) return [withRecord(ledger, model, { presence: { ...presence, idleDue: true } }), []]
  if (ledger.swaps.some(({ evict }) => evict.includes(model))) return [ledger, []]

  return endBy(ledger, { model, swap, at }, presence.restedAt + settings.ttlMs)
}

/** Stops the process if it is time, and else winds its timer for what is left. */
function endBy(ledger: Ledger, { model, swap, at }: Omit<ProcessIdle, 'type'>, end: number): Step {
  if (at < end) return [ledger, [{ type: 'idle.wind', model, swap, forMs: end - at, at }]]
  return stop(ledger, [{ model, swap }], null)
}
