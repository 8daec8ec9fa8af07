import type { Config, ModelId, Routing } from '../../config/config.ts'

/** All that the machines know of a configuration. Plain JSON: it is the head of every trace. */
export interface Settings {
  /** In ascending code point order of the id. */
  readonly models: readonly ModelSettings[]
  readonly routing: Routing
}

export interface ModelSettings {
  readonly id: ModelId
  readonly concurrencyLimit: number
  readonly priority: number
  readonly ttlMs: number
  readonly unloadTimeoutMs: number
  readonly healthCheckTimeoutMs: number
}

/** Stands for a model where there is none. */
export const noModel: ModelSettings = {
  id: '' as ModelId,
  concurrencyLimit: 0,
  priority: 0,
  ttlMs: 0,
  unloadTimeoutMs: 0,
  healthCheckTimeoutMs: 0,
}

/** No model at all. */
export const noSettings: Settings = {
  models: [],
  routing: { router: { use: 'group', groups: [] }, maxWaitMs: 0, minTenureMs: 0 },
}

export function settingsOf(config: Pick<Config, 'models' | 'routing'>): Settings {
  const models = [...config.models.values()].map(
    ({ id, concurrencyLimit, priority, ttlMs, unloadTimeoutMs, healthCheckTimeoutMs }) => ({
      id,
      concurrencyLimit,
      priority,
      ttlMs,
      unloadTimeoutMs,
      healthCheckTimeoutMs,
    }),
  )
  return { models, routing: config.routing }
}
