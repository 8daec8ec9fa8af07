import type { ModelId } from '../../config/config.ts'
import type { RequestId } from '../../machines/ids.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { later } from '../notation/signs.ts'
import type { Scene } from '../scene.ts'
import { ticketsOf } from '../tickets.ts'
import { type Move, voluntary } from './move.ts'

export function request(model: ModelId, most: number): Move {
  return {
    ...voluntary,
    name: `request ${model}`,
    isPossible: ({ ledger }) => {
      const leases = ledger.models.reduce((sum, record) => sum + record.leases.length, 0)
      return leases + ticketsOf(ledger).length < most
    },
    make: (system) => system.tell({ type: 'request', request: later.request, model, at: 0 }),
  }
}

/** The client of the request that is in this place among those that wait, the oldest first, goes away. */
export function cancel(place: number): Move {
  return {
    ...voluntary,
    name: `cancel ${place}`,
    isPossible: ({ ledger }) => ticketsOf(ledger).length >= place,
    make: (system) => system.tell({ type: 'request.cancel', request: place as RequestId, at: 0 }),
  }
}

const owed = (model: ModelId) => () => `a response of ${model} ends`
const leasesOf = ({ ledger }: Scene, model: ModelId) => recordOf(ledger, model)?.leases ?? []
const cutOf = ({ outside }: Scene, model: ModelId) => outside.get(model)?.cut ?? 0

/** A response ends, or its client goes away. */
export function release(model: ModelId): Move {
  return {
    name: `release ${model}`,
    isPossible: (scene) => leasesOf(scene, model).length > cutOf(scene, model),
    make: (system, scene) => {
      const lease = leasesOf(scene, model)[cutOf(scene, model)]!
      system.tell({ type: 'serve.done', request: lease, model, at: 0 })
    },
    duty: owed(model),
  }
}

/** It is noticed that a response was cut, because its process is gone. */
export function notice(model: ModelId): Move {
  return {
    name: `notice the cut of ${model}`,
    isPossible: (scene) => cutOf(scene, model) > 0,
    make: (system, scene) => system.tell({ type: 'serve.done', request: leasesOf(scene, model)[0]!, model, at: 0 }),
    duty: owed(model),
  }
}
