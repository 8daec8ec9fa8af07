import type { Group, ModelId, Router } from '../../config/config.ts'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'

export const id = (name: string) => name as ModelId

export function group(members: string, flags: Partial<Omit<Group, 'members'>> = {}): Group {
  const base = { id: members, swap: true, exclusive: true, persistent: false }
  return { ...base, ...flags, members: members.split('').map(id) }
}

type Tweaks = Partial<Omit<ModelSettings, 'id'>>

const firstPort = 5800

/**
 * Settings for models that are called by single letters: all in one seat unless groups, or another router, say
 * otherwise. Ports as given out.
 */
export function settings(
  names: string,
  options: {
    groups?: readonly Group[]
    router?: Router
    all?: Tweaks
    each?: Readonly<Record<string, Tweaks>>
    maxWaitMs?: number
    minTenureMs?: number
    reloadDrainMs?: number
  } = {},
): Settings {
  const {
    groups = [group(names)],
    router = { use: 'group', groups },
    all = {},
    each = {},
    maxWaitMs = 0,
    minTenureMs = 0,
    reloadDrainMs = 30_000,
  } = options
  const defaults = {
    concurrencyLimit: 10,
    priority: 0,
    ttlMs: 0,
    unloadTimeoutMs: 10_000,
    healthCheckTimeoutMs: 120_000,
  }
  const models = names.split('').map((name, index) => {
    const port = firstPort + index
    const origin = { fingerprint: `1@${port}`, port }
    const model: ModelSettings = { id: id(name), ...origin, ...defaults, ...all, ...each[name] }
    return model
  })
  return { models, routing: { router, maxWaitMs, minTenureMs }, reloadDrainMs }
}
