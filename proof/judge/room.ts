import type { ModelId } from '../../config/config.ts'
import type { SwapId } from '../../machines/ids.ts'
import { plannerOf } from '../../machines/policy/planners.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { ProcessState } from '../system/system.ts'
import type { Child } from './outsiders.ts'
import { demand } from './violation.ts'

type Children = ReadonlyMap<ModelId, Child>

/** What may be alive when a process of the model starts (I3, I13). */
export function checkSpawn(config: Settings, model: ModelId, children: Children): void {
  const settings = config.models.find(({ id }) => id === model)
  demand('I3', settings !== undefined, () => `${model} starts and is not in the configuration`)
  const known = config.models.map(({ id }) => id).filter((id) => id !== model && children.has(id))
  const evicted = plannerOf(config.routing)(model, known)
  demand('I3', evicted.length === 0, () => `${model} starts beside ${evicted.join(', ')}`)
  for (const [other, child] of children) {
    const isRemoved = !config.models.some(({ id }) => id === other)
    demand('I3', !isRemoved || child.wasStuck, () => `${model} starts beside ${other}, which is removed`)
    const holdsPort = other === model || (settings?.port !== null && child.origin?.port === settings?.port)
    demand('I13', !holdsPort, () => `${model} starts while ${other} holds its port`)
  }
}

/** Who is granted into a process that is not there, or that is told to end, will be cut (I2). */
export function checkThere({ value, context }: ProcessState, life: SwapId): void {
  const isThere = value.startsWith('alive.ready') && context.swap === life
  demand('I2', isThere, () => `${context.settings.id} is ${value} and granted`)
}

/** A ready model serves only once nothing is beside it that must go. */
export function checkServed(config: Settings, model: ModelId, children: Children): void {
  const known = config.models.map(({ id }) => id).filter((id) => children.has(id))
  const evicted = plannerOf(config.routing)(model, known)
  demand('scheduling §2.6', evicted.length === 0, () => `${model} serves beside ${evicted.join(', ')}`)
}
