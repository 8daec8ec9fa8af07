import type { Model, ModelId } from '../config/config.ts'
import type { Witness } from '../machines/edge.ts'
import { Engine } from '../machines/engine.ts'
import type { Settings } from '../machines/policy/settings.ts'
import type { ProcessHost } from '../process/host.ts'

/**
 * Starts the actor system, with real processes for its children.
 * @param modelOf the model as it is configured at this moment
 * @param onFatal hears of an error that ended an actor. Nothing is decided any more: see to the processes and the callers.
 * @param onFault hears of an observer that threw. It changes nothing for the actors.
 */
export function startSystem(
  settings: Settings,
  modelOf: (id: ModelId) => Model,
  host: ProcessHost,
  options: { now(): number; witness: Witness; onFatal(error: unknown): void; onFault(fault: unknown): void },
): Engine {
  const { now, witness, onFatal: onFailure, onFault } = options
  const clock = {
    now,
    setTimeout: (ring: () => void, ms: number) => setTimeout(ring, ms),
    clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  }
  const engine = new Engine(
    settings,
    {
      clock,
      start: ({ model, swap }, say) => host.spawn(modelOf(model), swap, say),
      probe: ({ model, swap }, say) => host.awaitReady(modelOf(model), swap, say),
    },
    { witness, onFailure, onFault },
  )
  engine.start()
  return engine
}
