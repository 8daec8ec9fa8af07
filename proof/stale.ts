import type { SwapId } from '../machines/ids.ts'
import { demand } from './judge/violation.ts'
import { lifeOf } from './notation/signs.ts'
import type { Scene } from './scene.ts'
import type { Stepper } from './stepper.ts'

const presences = ['stopped', 'starting', 'ready', 'stopping', 'stuck'] as const
const outcomes = ['ready', 'aborted'] as const
const nobody = 99_999 as never

/**
 * News of lives, swaps and requests that are over: none may change anything, or make the scheduler say a word (I5). Which
 * state an ended life is said to be in goes by turns, from one state of the walk to the next.
 */
export function tellStaleNews(stepper: Stepper, scene: Scene, turn: number): void {
  const { system, judge, signs } = stepper
  system.state = scene
  judge.begin(system, scene)
  system.tell({ type: 'request.cancel', request: nobody, at: 0 })
  for (const { settings, leases, presence } of scene.ledger.models) {
    // A model that has never lived has no news of old.
    if (presence.swap === 0) continue
    const model = settings.id
    const life = { model, swap: (lifeOf(signs.modelNumber(model), 1) - 1) as SwapId, at: 0 }
    system.tell({ type: 'process.changed', ...life, state: pick(presences, turn), failure: null })
    system.tell({ type: 'process.idle', ...life })
    system.tell({ type: 'swap.done', ...life, target: model, outcome: { type: pick(outcomes, turn) } })
    system.tell({ type: 'serve.done', request: nobody, model, at: 0 })
    const ended = { model, swap: presence.swap, failure: null, at: 0 }
    if (presence.state === 'stopped') system.tell({ type: 'process.changed', ...ended, state: pick(presences, turn) })
    for (const request of leases) system.tell({ type: 'request.cancel', request, at: 0 })
    if (presence.state === 'stopped') continue
    system.tellProcess(model, { type: 'child.ready', ...life })
    system.tellProcess(model, { type: 'child.exited', ...life, exit: { type: 'exited', code: 0 } })
  }
  demand('I5', judge.commands.length === 0, () => 'stale news makes the scheduler command something')
  const after = stepper.write({ ...system.state, outside: scene.outside })
  demand('I5', after === stepper.write(scene), () => 'stale news has changed the state')
}

function pick<T>(from: readonly [T, ...T[]], turn: number): T {
  return from[turn % from.length] ?? from[0]
}
