import type { ModelId } from '../../config/config.ts'
import type { Exit } from '../../machines/child.ts'
import type { Scene } from '../scene.ts'
import type { System } from '../system/system.ts'
import { type Move, voluntary } from './move.ts'

const exit: Exit = { type: 'exited', code: 1 }

const pathOf = ({ processes }: Scene, model: ModelId) => processes.get(model)?.value ?? 'stopped'
const swapOf = ({ processes }: Scene, model: ModelId) => processes.get(model)!.context.swap

/** A child that starts becomes ready or fails in the end, and one that is told to end does or is found stuck: deadlines see to it. */
function owed(model: ModelId) {
  return (scene: Scene) => {
    switch (pathOf(scene, model)) {
      case 'alive.starting':
        return `${model} becomes ready or fails`
      case 'alive.stopping':
        return `${model} ends or is stuck`
      default:
        return null
    }
  }
}

export function becomeReady(model: ModelId): Move {
  return {
    name: `${model} is ready`,
    isPossible: (scene) => pathOf(scene, model) === 'alive.starting',
    make: (system, scene) =>
      system.tellProcess(model, { type: 'child.ready', model, swap: swapOf(scene, model), at: 0 }),
    duty: owed(model),
  }
}

/** It ends as it was told to, fails while it loads, or crashes. */
export function end(model: ModelId): Move {
  return {
    name: `${model} exits`,
    isPossible: (scene) => pathOf(scene, model) !== 'stopped',
    make: (system, scene) =>
      system.tellProcess(model, { type: 'child.exited', model, swap: swapOf(scene, model), exit, at: 0 }),
    duty: owed(model),
  }
}

/** It was not ready in time, or is not gone in time after SIGKILL. */
export function overrun(model: ModelId): Move {
  return {
    name: `${model} overruns its deadline`,
    isPossible: (scene) => owed(model)(scene) !== null,
    make: (system, scene) => ring(model, system, scene),
    duty: owed(model),
  }
}

/** The timer of a ready process rings: of its ttl, or of its drain. */
export function expire(model: ModelId): Move {
  return {
    ...voluntary,
    name: `the timer of ${model} rings`,
    isPossible: (scene) => pathOf(scene, model) === 'alive.ready.timed',
    make: (system, scene) => ring(model, system, scene),
  }
}

function ring(model: ModelId, system: System, { processes }: Scene): void {
  const timer = system.process.timer(processes.get(model)!)
  if (timer) system.tellProcess(model, timer.event)
}
