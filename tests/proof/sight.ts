import type { StateValue } from 'xstate'
import type { ModelId } from '../../config/config.ts'
import type { RequestId, SwapId } from '../../machines/ids.ts'
import type { Outside, Scene } from '../../proof/scene.ts'
import { pathOf } from '../../proof/system/chart.ts'
import type { World } from '../support/world.ts'

/**
 * The state of the real actor system as the walk sees states: at this moment, or as it will be at `now` if nothing happens
 * until then.
 */
export function sceneOf(real: World, remembersStuck: boolean, now = real.clock.now()): Scene {
  const { processes, swaps } = real.root.context
  const { value, context } = real.scheduler
  const look = (ref: { getSnapshot(): { value: unknown; context: unknown } }) => {
    const snapshot = ref.getSnapshot()
    return { value: pathOf(snapshot.value as StateValue), context: snapshot.context } as never
  }
  return {
    scheduler: pathOf(value as StateValue),
    deadline: context.deadline,
    ledger: { ...context.ledger, now },
    processes: new Map([...processes].map(([model, ref]) => [model, look(ref)])),
    swaps: swaps.map(({ ref }) => look(ref)),
    outside: outsideOf(real, remembersStuck),
  }
}

function outsideOf(real: World, remembersStuck: boolean): ReadonlyMap<ModelId, Outside> {
  const lives = new Map<RequestId, SwapId>()
  for (const { request, swap } of real.commands('grant.serve')) lives.set(request, swap)
  const outsideOfModel = (model: ModelId, leases: readonly RequestId[]): Outside => {
    const child = real.children.get(model)
    const cut = leases.filter((request) => lives.get(request) !== child?.swap).length
    return { cut, wasStuck: remembersStuck && child?.wasStuck === true }
  }
  return new Map(real.ledger.models.map(({ settings: { id }, leases }) => [id, outsideOfModel(id, leases)]))
}

/** Whether the process that served the request is gone. */
export function isCut(real: World, { request, model }: { request: RequestId; model: ModelId }): boolean {
  const grant = real.commands('grant.serve').find((command) => command.request === request)
  return grant?.swap !== real.children.get(model)?.swap
}
