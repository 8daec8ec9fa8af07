import type { ModelId, Routing } from '../../config/config.ts'
import type { Life } from '../../machines/child.ts'
import type { RequestId, SwapId, UnloadId } from '../../machines/ids.ts'
import type { ModelRecord, Presence, Swap, Ticket, Unload } from '../../machines/policy/ledger.ts'
import type { ModelSettings } from '../../machines/policy/settings.ts'
import type { Outside, Scene } from '../scene.ts'
import type { ProcessState, SwapState, System } from '../system/system.ts'
import {
  budgetMs,
  later,
  lifeOf,
  marks,
  presences,
  processPaths,
  type Signs,
  schedulerPaths,
  swapPaths,
  zero,
} from './signs.ts'

interface Model {
  readonly record: ModelRecord
  readonly process: ProcessState
  readonly outside: Outside
}

/** Reads states. A part says all about itself, so each is read once. */
export class Reader {
  readonly #signs: Signs
  readonly #system: System
  /** The same in all configurations. */
  readonly #times: Routing
  readonly #parts = new Map<string, unknown>()

  constructor(signs: Signs, system: System) {
    this.#signs = signs
    this.#system = system
    this.#times = signs.configs[0]!.routing
  }

  read(text: string): Scene {
    const scheduler = schedulerPaths[numberAt(text, 0)]!
    const { routing, reloadDrainMs } = this.#signs.configs[numberAt(text, 1)]!
    const models: ModelRecord[] = []
    const processes = new Map<ModelId, ProcessState>()
    const outside = new Map<ModelId, Outside>()
    const [swaps, unloads, actors]: [Swap[], Unload[], SwapState[]] = [[], [], []]
    let queue: readonly Ticket[] = []
    for (const part of partsOf(text)) {
      switch (part.charCodeAt(0)) {
        case marks.model: {
          const model = this.#part(part, this.#model)
          models.push(model.record)
          processes.set(model.record.settings.id, model.process)
          outside.set(model.record.settings.id, model.outside)
          break
        }
        case marks.swap:
          swaps.push(this.#part(part, this.#swap))
          break
        case marks.actor:
          actors.push(this.#part(part, this.#actor))
          break
        case marks.queue:
          queue = this.#part(part, this.#queue)
          break
        case marks.unload:
          unloads.push({ id: (unloads.length + 1) as UnloadId, ...this.#part(part, this.#unload) })
      }
    }
    const deadline = scheduler === 'open' ? null : budgetMs
    const { lastSwap } = later
    const ledger = { now: 0, routing, reloadDrainMs, models, queue, swaps, unloads, lastSwap }
    return { scheduler, deadline, ledger, processes, swaps: actors, outside }
  }

  #part<T>(text: string, read: (text: string) => T): T {
    const known = this.#parts.get(text)
    if (known !== undefined) return known as T
    const part = read(text)
    this.#parts.set(text, part)
    return part
  }

  readonly #model = (text: string): Model => {
    const at = (place: number) => numberAt(text, place)
    const model = at(1)
    const settings = this.#signs.settings(model, at(2))
    const path = processPaths[at(5)]!
    const state = presences[at(8)]!
    const record: ModelRecord = {
      settings,
      isRemoved: at(3) === 1,
      origin: at(4) === 0 ? null : this.#signs.origin(model, at(4) - 1),
      presence: this.#presence(state, lifeOf(model, at(9)), at(10), path === 'alive.ready.timed' ? settings.ttlMs : 0),
      leases: Array.from({ length: at(11) }, (_, count) => (1000 * (model + 1) + count) as RequestId),
      backoff: at(12) === 1 ? { failures: 1, until: 1, failure: { type: 'unready', afterMs: 0 } } : null,
    }
    const process = this.#process(settings, path, lifeOf(model, at(6)), at(7) === 1)
    return { record, process, outside: { cut: at(13), wasStuck: at(14) === 1 } }
  }

  /** Whatever timer runs, it is due now, and `ttlMs` before is when the model began to rest, unless it was used since. */
  #presence(state: Presence['state'], swap: SwapId, flags: number, ttlMs: number): Presence {
    if (state !== 'ready') return { state, swap }
    const has = (flag: number) => (flags & flag) > 0
    return {
      state,
      swap,
      since: has(1) ? -this.#times.minTenureMs : 0,
      restedAt: has(2) ? 0 : 0 - ttlMs,
      idleDue: has(4),
      drainUntil: has(8) ? (has(16) ? 1 : 0) : null,
    }
  }

  #process(settings: ModelSettings, path: string, swap: SwapId, hasFailed: boolean): ProcessState {
    const { process, router } = this.#system
    const context: ProcessState['context'] = {
      settings,
      router: router as never,
      swap,
      at: 0,
      failure: hasFailed ? { type: 'unready', afterMs: settings.healthCheckTimeoutMs } : null,
      graceMs: path === 'alive.stopping' ? settings.unloadTimeoutMs : 0,
      healthMs: path === 'alive.starting' ? settings.healthCheckTimeoutMs : 0,
      idleMs: path === 'alive.ready.timed' ? settings.ttlMs : 0,
    }
    const timer = process.timer(process.at(path, context))
    return process.at(path, timer ? { ...context, at: -timer.delayMs } : context)
  }

  readonly #swap = (text: string): Swap => {
    const model = numberAt(text, 1)
    const evicted = numberAt(text, 4)
    const target = this.#signs.models[model]!
    return {
      id: lifeOf(model, numberAt(text, 2)),
      target,
      since: 0,
      aborting: numberAt(text, 3) === 1,
      evict: numbers(text, 5, 5 + evicted).map((victim) => this.#signs.models[victim]!),
      waiters: groups(text, 5 + evicted, 2).map(([rank, hasWaited]) => this.#ticket(target, rank!, hasWaited!)),
    }
  }

  readonly #actor = (text: string): SwapState => {
    const model = numberAt(text, 2)
    const keep = numberAt(text, 4)
    const target = this.#signs.models[model]!
    const processOf = (id: ModelId) => this.#system.processOf(id) as never
    return this.#system.swap.at(swapPaths[numberAt(text, 1)]!, {
      swap: lifeOf(model, numberAt(text, 3)),
      target,
      clear: this.#lives(text, 5).map((life) => ({ ...life, process: processOf(life.model) })),
      keep: keep === 0 ? null : lifeOf(model, keep),
      process: processOf(target),
      at: 0,
      router: this.#system.router as never,
      outcome: { type: 'aborted' },
    })
  }

  readonly #queue = (text: string): readonly Ticket[] =>
    groups(text, 1, 3).map(([model, rank, hasWaited]) => this.#ticket(this.#signs.models[model!]!, rank!, hasWaited!))

  readonly #unload = (text: string): Omit<Unload, 'id'> => {
    const lives = this.#lives(text, 2)
    const count = numberAt(text, 1)
    return { lives: lives.slice(0, count), stuck: lives.slice(count) }
  }

  #lives(text: string, from: number): readonly Life[] {
    return groups(text, from, 2).map(([model, rank]) => ({
      model: this.#signs.models[model!]!,
      swap: lifeOf(model!, rank!),
    }))
  }

  #ticket(model: ModelId, rank: number, hasWaited: number): Ticket {
    return { request: rank as RequestId, model, at: hasWaited === 1 ? -this.#times.maxWaitMs : 0 }
  }
}

/** The parts of a state, each with its mark. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  for (let from = 2; from < text.length; ) {
    let to = from + 1
    while (to < text.length && text.charCodeAt(to) >= zero) to++
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

function numberAt(text: string, place: number): number {
  return text.charCodeAt(place) - zero
}

function numbers(text: string, from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => numberAt(text, from + index))
}

/** The numbers from there on, so many at a time. */
function groups(text: string, from: number, size: number): readonly (readonly number[])[] {
  const count = (text.length - from) / size
  return Array.from({ length: count }, (_, index) => numbers(text, from + index * size, from + (index + 1) * size))
}
