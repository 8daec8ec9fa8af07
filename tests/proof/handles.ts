import { Signs } from '../../proof/notation/signs.ts'
import type { World as SmallWorld } from '../../proof/scene.ts'
import type { World } from '../support/world.ts'
import { isCut } from './sight.ts'

/** How each move of the walk is made in the real actor system, by its name. The passing of time has none: see `instants.ts`. */
export function handlesOf({ configs, bounds }: SmallWorld): ReadonlyMap<string, (real: World) => void> {
  const { models } = new Signs(configs)
  const handles = new Map<string, (real: World) => void>()
  for (const model of models) {
    handles.set(`request ${model}`, (real) => real.request(model))
    handles.set(`release ${model}`, (real) => real.release(real.served(model).find((client) => !isCut(real, client))!))
    handles.set(`notice the cut of ${model}`, (real) =>
      real.release(real.served(model).find((client) => isCut(real, client))!),
    )
    handles.set(`${model} is ready`, (real) => real.ready(model))
    handles.set(`${model} exits`, (real) => real.exit(model))
    handles.set(`unload ${model}`, (real) => real.unload(model))
  }
  for (let place = 1; place <= bounds.requests; place++) {
    handles.set(`cancel ${place}`, (real) => real.cancel(real.waiting()[place - 1]!))
  }
  handles.set(`unload ${models.join(', ')}`, (real) => real.unload(...models))
  configs.forEach((settings, index) => {
    handles.set(`reload configuration ${index + 1}`, (real) => real.reload(settings))
  })
  handles.set('shut down', (real) => real.shutDown())
  return handles
}
