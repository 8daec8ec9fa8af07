import type { ModelId } from '../../config/config.ts'
import { type Ledger, type ModelRecord, recordOf, type Ticket, withRecord } from '../../machines/policy/ledger.ts'
import type { Scene } from '../scene.ts'
import type { System } from '../system/system.ts'
import { hasWaited, oldestOf, ticketsOf } from '../tickets.ts'
import { type Move, voluntary } from './move.ts'

/* Time passes, and nobody notices until somebody asks. */

export function endBackoff(model: ModelId): Move {
  return {
    ...voluntary,
    name: `the back-off of ${model} ends`,
    isPossible: ({ ledger }) => (recordOf(ledger, model)?.backoff ?? null) !== null,
    make: (system, scene) => pass(system, scene, withRecord(scene.ledger, model, { backoff: null })),
  }
}

export function endTenure(model: ModelId, minTenureMs: number): Move {
  const isNew = (record?: ModelRecord) => record?.presence.state === 'ready' && record.presence.since === 0
  return {
    name: `the tenure of ${model} ends`,
    isPossible: ({ ledger }) => isNew(recordOf(ledger, model)),
    make: (system, scene) => {
      const { presence } = recordOf(scene.ledger, model)!
      if (presence.state !== 'ready') return
      pass(system, scene, withRecord(scene.ledger, model, { presence: { ...presence, since: -minTenureMs } }))
    },
    duty: () => `the tenure of ${model} ends`,
  }
}

/** It was used for the last time in the very moment in which its timer was wound: so it will have rested when that rings. */
export function rest(model: ModelId): Move {
  const usedOf = ({ ledger, processes }: Scene) => {
    const record = recordOf(ledger, model)
    const isTimed = processes.get(model)?.value === 'alive.ready.timed' && record && record.settings.ttlMs > 0
    return isTimed && record.presence.state === 'ready' && record.presence.restedAt === 0 ? record : undefined
  }
  return {
    ...voluntary,
    name: `${model} was used when its timer was wound`,
    isPossible: (scene) => usedOf(scene) !== undefined,
    make: (system, scene) => {
      const record = usedOf(scene)
      if (record?.presence.state !== 'ready') return
      const presence = { ...record.presence, restedAt: -record.settings.ttlMs }
      pass(system, scene, withRecord(scene.ledger, model, { presence }))
    },
  }
}

/** The oldest request that has not yet waited `maxWaitMs` has now. So all have that are older. */
export function age(maxWaitMs: number): Move {
  const youngOf = (ledger: Ledger) => ticketsOf(ledger).filter((ticket) => !hasWaited(ledger, ticket))
  return {
    name: 'a wait gets long',
    isPossible: ({ ledger }) => youngOf(ledger).length > 0,
    make: (system, scene) => {
      const { ledger } = scene
      const aged = oldestOf(youngOf(ledger))
      const grow = (ticket: Ticket) => (ticket === aged ? { ...ticket, at: -maxWaitMs } : ticket)
      const swaps = ledger.swaps.map((swap) => ({ ...swap, waiters: swap.waiters.map(grow) }))
      pass(system, scene, { ...ledger, queue: ledger.queue.map(grow), swaps })
    },
    duty: () => 'a wait gets long',
  }
}

function pass(system: System, scene: Scene, ledger: Ledger): void {
  system.state = { ...scene, ledger }
}
