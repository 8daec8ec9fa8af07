import type { SwapId } from '../machines/ids.ts'
import type { Judge } from './judge/judge.ts'
import { demand } from './judge/violation.ts'
import { lifeOf, type Signs } from './notation/signs.ts'
import type { Scene } from './scene.ts'
import type { System } from './system/system.ts'

const presences = ['stopped', 'starting', 'ready', 'stopping', 'stuck'] as const
const nobody = 99_999 as never

/** News of lives, swaps and requests that are over: none may change anything, or make anybody say a word (I5). */
export function tellStaleNews(system: System, judge: Judge, signs: Signs, scene: Scene): void {
  system.state = scene
  judge.begin(system, scene)
  for (const {
    settings: { id: model },
    leases,
    presence,
  } of scene.ledger.models) {
    // A model that has never lived has no news of old. Ids of the lives that a state names begin above this one.
    if (presence.swap === 0) continue
    const life = (lifeOf(signs.modelNumber(model), 1) - 1) as SwapId
    for (const state of presences) {
      system.tell({ type: 'process.changed', model, swap: life, state, failure: null, at: 0 })
    }
    system.tell({ type: 'process.idle', model, swap: life, at: 0 })
    for (const outcome of ['ready', 'aborted'] as const) {
      system.tell({ type: 'swap.done', swap: life, target: model, outcome: { type: outcome }, at: 0 })
    }
    system.tell({ type: 'serve.done', request: nobody, model, at: 0 })
    for (const request of leases) system.tell({ type: 'request.cancel', request, at: 0 })
    if (presence.state === 'stopped') continue
    system.tellProcess(model, { type: 'child.ready', model, swap: life, at: 0 })
    system.tellProcess(model, { type: 'child.exited', model, swap: life, exit: { type: 'exited', code: 0 }, at: 0 })
  }
  system.tell({ type: 'request.cancel', request: nobody, at: 0 })
  demand('I5', judge.commands.length === 0, () => 'stale news makes the scheduler command something')
}
