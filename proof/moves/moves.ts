import { Signs } from '../notation/signs.ts'
import type { World } from '../scene.ts'
import { becomeReady, end, expire, overrun } from './children.ts'
import { cancel, notice, release, request } from './clients.ts'
import { age, endBackoff, endTenure, rest } from './clock.ts'
import { reload, shutDown, spendBudget, unload } from './control.ts'
import type { Move } from './move.ts'

/** Everything that can ever happen in this world. */
export function movesOf({ configs, bounds }: World): readonly Move[] {
  const { maxWaitMs, minTenureMs } = configs[0].routing
  const { models } = new Signs(configs)
  const hasTimers = configs.length > 1 || configs.some((config) => config.models.some(({ ttlMs }) => ttlMs > 0))
  const ofModel = models.flatMap((model) => [
    request(model, bounds.requests),
    release(model),
    notice(model),
    becomeReady(model),
    end(model),
    overrun(model),
    ...(hasTimers ? [expire(model), rest(model)] : []),
    endBackoff(model),
    ...(minTenureMs > 0 ? [endTenure(model, minTenureMs)] : []),
    unload([model], bounds.unloads),
  ])
  return [
    ...ofModel,
    ...Array.from({ length: bounds.requests }, (_, index) => cancel(index + 1)),
    unload(models, bounds.unloads),
    ...(maxWaitMs > 0 ? [age(maxWaitMs)] : []),
    ...(configs.length > 1 ? configs.map((settings, index) => reload(settings, index + 1)) : []),
    ...(bounds.shutdown ? [shutDown, spendBudget] : []),
  ]
}
