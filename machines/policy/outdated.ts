import type { ModelId } from '../../config/config.ts'
import type { Ledger, ModelRecord } from './ledger.ts'

/**
 * Whether the model's process was started with what is no longer its configuration. It is granted nothing more: its
 * responses run on up to the drain limit, and then it stops.
 */
export function isOutdated({ settings, isRemoved, origin, presence }: ModelRecord): boolean {
  return presence.state !== 'stopped' && (isRemoved || origin?.fingerprint !== settings.fingerprint)
}

/** Outdated, and still answering. */
export function isDraining(record: ModelRecord): boolean {
  return record.presence.state === 'ready' && record.leases.length > 0 && isOutdated(record)
}

/**
 * The outdated processes of other models that must be gone before one of this model may start. Those that hold its port:
 * ports move from model to model when ids come and go. And those of removed models: no group says any more beside whom
 * they may run, so they run beside nothing new. One that cannot be stopped is in nobody's way but for its port.
 */
export function leftoversInTheWay({ models }: Ledger, { settings: { id, port } }: ModelRecord): readonly ModelId[] {
  return models
    .filter((other) => other.settings.id !== id && isOutdated(other))
    .filter(({ isRemoved, origin, presence }) => {
      const holdsPort = port !== null && origin?.port === port
      return holdsPort || (isRemoved && presence.state !== 'stuck')
    })
    .map(({ settings }) => settings.id)
}
