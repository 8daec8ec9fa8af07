import type { Router } from '../../config/config.ts'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'
import { matrixOf } from './matrix.ts'
import { group, id, settings } from './settings.ts'

const names = ['a', 'b', 'c', 'd'] as const

const routers: readonly Router[] = [
  ...[
    [group('abcd')],
    [group('abcd', { swap: false })],
    [group('ab'), group('cd')],
    [group('ab', { exclusive: false }), group('cd', { persistent: true })],
    names.map((name) => group(name, { exclusive: false })),
  ].map((groups) => ({ use: 'group', groups }) as const),
  ...['{all: a & b & c & d}', '{one: a & b, two: b & c, three: a & c}', '{one: (a | b) & (c | d), two: a & b & c}'].map(
    (sets) => ({ use: 'matrix', ...matrixOf('a b c d', `sets: ${sets}`) }) as const,
  ),
]
const limits = [1, 2, 10]
const ttls = [0, 1_000, 20_000]
const waits = [0, 1_000, 60_000]
const drains = [0, 5_000, 30_000]
const priorities = [0, 5]

/** What a user may do to a configuration between two reloads, chosen by a number: one change, or none. */
export function revise(given: Settings, choice: number): Settings {
  const number = Math.floor(choice / 8)
  const pick = <T>(from: readonly T[]): T => from[number % from.length]!
  const name = id(pick(names))
  const all = (change: Partial<ModelSettings>) => given.models.map((model) => ({ ...model, ...change }))
  const one = (change: Partial<ModelSettings>) =>
    given.models.map((model) => (model.id === name ? { ...model, ...change } : model))

  switch (choice % 8) {
    case 0:
    case 1:
      return comeOrGo(given, name)
    case 2:
      return withPorts(one({ fingerprint: choice % 3 === 0 ? '1@' : '2@' }), given)
    case 3:
      return { ...given, routing: { ...given.routing, router: pick(routers) } }
    case 4:
      return { ...given, models: all({ concurrencyLimit: pick(limits), ttlMs: pick(ttls) }) }
    case 5:
      return { ...given, reloadDrainMs: pick(drains), routing: { ...given.routing, maxWaitMs: pick(waits) } }
    case 6:
      return { ...given, models: one({ priority: pick(priorities) }) }
    default:
      return given
  }
}

/** The model is removed, or added when it is not there; one always stays. */
function comeOrGo(given: Settings, name: ModelSettings['id']): Settings {
  const rest = given.models.filter((model) => model.id !== name)
  if (rest.length === 0) return given
  if (rest.length < given.models.length) return withPorts(rest, given)
  const model = settings(name, { all: { healthCheckTimeoutMs: 15_000 } }).models[0]!
  return withPorts(
    [...rest, model].sort((a, b) => (a.id < b.id ? -1 : 1)),
    given,
  )
}

/** Ports are given out in the order of the ids, and are part of what a process is started with. */
function withPorts(models: readonly ModelSettings[], given: Settings): Settings {
  const { models: numbered } = settings(models.map((model) => model.id).join(''))
  return {
    ...given,
    models: models.map((model, index) => {
      const { port } = numbered[index]!
      const [version] = model.fingerprint.split('@')
      return { ...model, port, fingerprint: `${version}@${port}` }
    }),
  }
}
