import type { ProcessChanged, ProcessIdle } from '../../events.ts'
import { type Ledger, type Presence, recordOf, withRecord } from '../ledger.ts'
import type { Step } from './step.ts'

/** A process entered another state. News of an earlier life than the current one changes nothing (I5). */
export function note(ledger: Ledger, event: ProcessChanged): Step {
  const presence = recordOf(ledger, event.model)?.presence
  if (!presence || isStale(presence, event)) return [ledger, []]
  return [withRecord(ledger, event.model, { presence: presenceOf(event) }), []]
}

/** A life that has ended does not begin again, and a stop that was ordered is not undone by a readiness under way. */
function isStale(presence: Presence, { swap, state }: ProcessChanged): boolean {
  if (swap !== presence.swap) return swap < presence.swap
  return presence.state === 'stopped' || (presence.state === 'stopping' && (state === 'starting' || state === 'ready'))
}

function presenceOf({ state, swap, at }: ProcessChanged): Presence {
  switch (state) {
    case 'ready':
      return { state, swap, since: at, restedAt: at, idleDue: false }
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'stuck':
      return { state, swap }
  }
}

/**
 * The idle timer rang. The model stops only if it has really rested for its whole ttl; otherwise the timer is wound for what
 * is left, or, while a request is being served, by the last release. So the timer costs nothing on the path of a request.
 */
export function expire(ledger: Ledger, { model, swap, at }: ProcessIdle): Step {
  const record = recordOf(ledger, model)
  if (record?.presence.state !== 'ready' || record.presence.swap !== swap) return [ledger, []]
  const { presence, settings, leases } = record
  if (leases.length > 0) return [withRecord(ledger, model, { presence: { ...presence, idleDue: true } }), []]
  if (ledger.swaps.some(({ evict }) => evict.includes(model))) return [ledger, []]

  const leftMs = presence.restedAt + settings.ttlMs - at
  if (leftMs > 0) return [ledger, [{ type: 'idle.wind', model, swap, forMs: leftMs, at }]]
  const next = withRecord(ledger, model, { presence: { state: 'stopping', swap } })
  return [next, [{ type: 'processes.stop', lives: [{ model, swap }], graceMs: null, at }]]
}
