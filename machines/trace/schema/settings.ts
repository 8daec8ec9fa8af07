import * as v from 'valibot'
import type { Group, Router, SetExpression } from '../../../config/config.ts'
import type { ModelSettings, Settings } from '../../policy/settings.ts'
import { anyOf, type Members, type Schema } from './closed.ts'
import { model, models, ms } from './scalars.ts'

export const modelSettings: Schema<ModelSettings> = v.strictObject({
  id: model,
  fingerprint: v.string(),
  port: v.nullable(v.number()),
  concurrencyLimit: v.number(),
  priority: v.number(),
  ttlMs: ms,
  unloadTimeoutMs: ms,
  healthCheckTimeoutMs: ms,
})

const group: Schema<Group> = v.strictObject({
  id: v.string(),
  swap: v.boolean(),
  exclusive: v.boolean(),
  persistent: v.boolean(),
  members: models,
})

const set: Schema<SetExpression> = anyOf<SetExpression, 'type'>('type', {
  model: v.strictObject({ type: v.literal('model'), model }),
  set: v.strictObject({ type: v.literal('set'), set: v.string() }),
  any: v.strictObject({ type: v.literal('any'), of: v.array(v.lazy(() => set)) }),
  all: v.strictObject({ type: v.literal('all'), of: v.array(v.lazy(() => set)) }),
})

const routers: Members<Router, 'use'> = {
  group: v.strictObject({ use: v.literal('group'), groups: v.array(group) }),
  matrix: v.strictObject({
    use: v.literal('matrix'),
    sets: v.array(v.strictObject({ id: v.string(), expression: set })),
    costs: v.array(v.strictObject({ model, cost: v.number() })),
  }),
}

export const settingsSchema: Schema<Settings> = v.strictObject({
  models: v.array(modelSettings),
  routing: v.strictObject({ router: anyOf('use', routers), maxWaitMs: ms, minTenureMs: ms }),
  reloadDrainMs: ms,
})
