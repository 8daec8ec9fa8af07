import type { ModelId, Routing } from '../../config/config.ts'
import { byCodePoint } from '../../config/order.ts'
import type { RequestId, SwapId, UnloadId } from '../../machines/ids.ts'
import type { Presence } from '../../machines/policy/ledger.ts'
import type { ModelSettings, Origin, Settings } from '../../machines/policy/settings.ts'

/*
 * A state as a line of text, in which everything that no rule can tell apart looks the same:
 *
 * - Ids are only compared, so they are numbered anew: the lives of each model, the tickets and the unloads, in their order.
 * - Times are only compared, so what is kept of each is how the comparison will come out. The present is always 0.
 * - Who holds a lease matters to nobody but its holder: leases are counted.
 * - How often a load has failed matters only to the length of the back-off, and why it failed only to the message.
 * - What an ended life was started with, and when a swap began, matters to no rule.
 *
 * What is read from the text is the state that stands for all of them. `write.ts` and `read.ts` are each other's inverse.
 */

export const schedulerPaths = ['open', 'closed.draining', 'closed.clearing', 'closed.cleared']
export const processPaths = [
  'stopped',
  'alive.starting',
  'alive.ready.kept',
  'alive.ready.timed',
  'alive.stopping',
  'alive.stuck',
]
export const swapPaths = ['clearing', 'loading', 'aborting']
export const presences: readonly Presence['state'][] = ['stopped', 'starting', 'ready', 'stopping', 'stuck']

/** Each number is one character from this one on. Before it come the marks, with which the parts begin. */
export const zero = '0'.charCodeAt(0)
const markOf = (mark: string) => mark.charCodeAt(0)
export const marks = {
  model: markOf('$'),
  swap: markOf('/'),
  actor: markOf('&'),
  queue: markOf('#'),
  unload: markOf('%'),
} as const

/** What is minted from here on is later than all that a state names when it was read. */
export const later = { request: 100 as RequestId, unload: 100 as UnloadId, lastSwap: 10_000 as SwapId }

/** The id of the `rank`th life that a state names of a model. Models share none, and each has fewer than sixteen. */
export function lifeOf(model: number, rank: number): SwapId {
  return (rank === 0 ? 0 : 16 * (model + 1) + rank) as SwapId
}

/** The budget of a shutdown. How long it is makes no difference where any time may have come. */
export const budgetMs = 1

/** The models of a world, their settings and its configurations, by number. */
export class Signs {
  readonly models: readonly ModelId[]
  readonly configs: readonly Settings[]
  readonly #modelNumbers: ReadonlyMap<ModelId, number>
  /** For each model, those that differ. What is equal is the same object (`configure.ts`). */
  readonly #settings: readonly (readonly ModelSettings[])[]
  readonly #settingsNumbers = new Map<ModelSettings, number>()

  constructor(configs: readonly Settings[]) {
    const all = configs.flatMap(({ models }) => models)
    this.configs = configs
    this.models = [...new Set(all.map(({ id }) => id))].sort(byCodePoint)
    this.#modelNumbers = new Map(this.models.map((id, number) => [id, number]))
    this.#settings = this.models.map((id) => [...new Set(all.filter((model) => model.id === id))])
    for (const each of this.#settings)
      each.forEach((settings, number) => void this.#settingsNumbers.set(settings, number))
  }

  modelNumber(model: ModelId): number {
    return this.#modelNumbers.get(model) ?? -1
  }

  settingsNumber(settings: ModelSettings): number {
    return this.#settingsNumbers.get(settings) ?? -1
  }

  settings(model: number, number: number): ModelSettings {
    return this.#settings[model]![number]!
  }

  originNumber(model: number, { fingerprint, port }: Origin): number {
    return this.#settings[model]!.findIndex((other) => other.fingerprint === fingerprint && other.port === port)
  }

  origin(model: number, number: number): Origin {
    const { fingerprint, port } = this.settings(model, number)
    return { fingerprint, port }
  }

  /** The configuration in force. */
  configNumber(routing: Routing): number {
    return this.configs.findIndex((config) => config.routing === routing)
  }
}
