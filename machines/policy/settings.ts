import type { Config, Model, ModelId, Routing } from '../../config/config.ts'

/** All that the machines know of a configuration. Plain JSON: it is the head of every trace. */
export interface Settings {
  /** In ascending code point order of the id. */
  readonly models: readonly ModelSettings[]
  readonly routing: Routing
  /** How long responses of a changed or removed model may run on after a reload. */
  readonly reloadDrainMs: number
}

/** What tells one process of a model from another. */
export interface Origin {
  /** Stands for all that the process depends on: settings with another one need another process. */
  readonly fingerprint: string
  /** Of this machine, where the process listens; null when it listens elsewhere. */
  readonly port: number | null
}

export interface ModelSettings extends Origin {
  readonly id: ModelId
  readonly concurrencyLimit: number
  readonly priority: number
  readonly ttlMs: number
  readonly unloadTimeoutMs: number
  readonly healthCheckTimeoutMs: number
}

/** A child that outlives its SIGKILL by this much is `stuck`: a kernel frees even a large GPU context within seconds. */
export const reapMs = 10_000

/** Stands for a model where there is none. */
export const noModel: ModelSettings = {
  id: '' as ModelId,
  fingerprint: '',
  port: null,
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
  reloadDrainMs: 0,
}

/** @param originOf what only those who know commands and addresses can say of a model */
export function settingsOf(
  config: Pick<Config, 'models' | 'routing' | 'reloadDrainMs'>,
  originOf: (model: Model) => Origin,
): Settings {
  const models = [...config.models.values()].map((model) => {
    const { id, concurrencyLimit, priority, ttlMs, unloadTimeoutMs, healthCheckTimeoutMs } = model
    const { fingerprint, port } = originOf(model)
    return { id, fingerprint, port, concurrencyLimit, priority, ttlMs, unloadTimeoutMs, healthCheckTimeoutMs }
  })
  return { models, routing: config.routing, reloadDrainMs: config.reloadDrainMs }
}
