import type { ModelId, Routing } from '../../config/config.ts'
import type { Life } from '../child.ts'
import type { RequestId, SwapId, UnloadId } from '../ids.ts'
import { censusOf } from './census.ts'
import type { Failure } from './failure.ts'
import type { ModelSettings, Origin, Settings } from './settings.ts'

/**
 * What the scheduler knows. Plain JSON and never mutated: a rule returns the next one.
 * Models are few, so a record is found by walking the array: no key of a plain object is ever a name from outside.
 */
export interface Ledger {
  /** The latest time that an event carried, in milliseconds of the actor system's clock. */
  readonly now: number
  readonly routing: Routing
  readonly reloadDrainMs: number
  /** In ascending order of the id. */
  readonly models: readonly ModelRecord[]
  /** Requests that cannot even start their swap yet, in the order in which they will be asked again. */
  readonly queue: readonly Ticket[]
  readonly swaps: readonly Swap[]
  readonly unloads: readonly Unload[]
  /** The last id given out. */
  readonly lastSwap: number
}

export interface ModelRecord {
  readonly settings: ModelSettings
  /** The configuration no longer has it. The record stays until nothing of the model is left. */
  readonly isRemoved: boolean
  /** What its current life, or the last one, was started with; null before the first. */
  readonly origin: Origin | null
  readonly presence: Presence
  /** Requests that hold a grant. Ids rather than a count, so that giving one back twice changes nothing (I4). */
  readonly leases: readonly RequestId[]
  /** Since loads of it fail; null after a success. */
  readonly backoff: Backoff | null
}

/** Whether the model's process is there. Everything but `stopped` takes its place (I3). */
export type Presence =
  /** `swap` is the last life, 0 before the first. */
  | { readonly state: 'stopped'; readonly swap: SwapId }
  | { readonly state: 'starting'; readonly swap: SwapId }
  | {
      readonly state: 'ready'
      readonly swap: SwapId
      readonly since: number
      /** The later of readiness and the last release: where its idle time begins. */
      readonly restedAt: number
      /** Its idle timer rang while it was leased, so the last release winds it again. */
      readonly idleDue: boolean
      /** When the responses of an outdated process are cut; null while it is not outdated. */
      readonly drainUntil: number | null
    }
  | { readonly state: 'stopping'; readonly swap: SwapId }
  /** It outlived its SIGKILL deadline: the memory is still taken. */
  | { readonly state: 'stuck'; readonly swap: SwapId }

export interface Backoff {
  readonly failures: number
  readonly until: number
  readonly failure: Failure
}

/** A request that waits. */
export interface Ticket {
  readonly request: RequestId
  readonly model: ModelId
  readonly at: number
}

/** Stop the victims, bring the target up. */
export interface Swap {
  readonly id: SwapId
  readonly target: ModelId
  readonly evict: readonly ModelId[]
  /** When it began. */
  readonly since: number
  readonly waiters: readonly Ticket[]
  /** Nobody wants its target any more and its place is needed. It takes no more waiters. */
  readonly aborting: boolean
}

/** Somebody awaits the end of some lives. */
export interface Unload {
  readonly id: UnloadId
  /** Those that have not ended yet. */
  readonly lives: readonly Life[]
  /** Those that were found not to end. They are awaited no longer: the next request for one may try again for ever. */
  readonly stuck: readonly Life[]
}

export function openLedger(settings: Settings): Ledger {
  return {
    now: 0,
    routing: settings.routing,
    reloadDrainMs: settings.reloadDrainMs,
    models: settings.models.map(openRecord),
    queue: [],
    swaps: [],
    unloads: [],
    lastSwap: 0,
  }
}

/** A model of which nothing has happened yet. */
export function openRecord(settings: ModelSettings): ModelRecord {
  const presence = { state: 'stopped', swap: 0 as SwapId } as const
  return { settings, isRemoved: false, origin: null, presence, leases: [], backoff: null }
}

export function recordOf(ledger: Ledger, model: ModelId): ModelRecord | undefined {
  return ledger.models.find((record) => record.settings.id === model)
}

export function swapTo(ledger: Ledger, model: ModelId): Swap | undefined {
  return ledger.swaps.find((swap) => swap.target === model)
}

/** The configured models that take a place: alive in any state, or the target of a swap under way. Ascending by id. */
export function resident(ledger: Ledger): readonly ModelId[] {
  return ledger.models
    .filter(({ isRemoved }) => !isRemoved)
    .filter(({ settings, presence }) => presence.state !== 'stopped' || swapTo(ledger, settings.id) !== undefined)
    .map(({ settings }) => settings.id)
}

/** What took a place when a swap was decided, but for its own target. Ascending by id. */
export function residentBefore(ledger: Ledger, swap: Swap): readonly ModelId[] {
  const swaps = ledger.swaps.filter(({ id }) => id < swap.id)
  return resident({ ...ledger, swaps }).filter((model) => model !== swap.target)
}

/** Requests of the model that were admitted and not yet answered to the end: queued, waiting or leased. */
export function admitted(ledger: Ledger, record: ModelRecord): number {
  const { id } = record.settings
  const waiting = swapTo(ledger, id)?.waiters.length ?? 0
  return record.leases.length + waiting + (censusOf(ledger.queue).counts.get(id) ?? 0)
}

/** The lives of these models that have not ended, in the given order. */
export function livesOf(ledger: Ledger, models: readonly ModelId[]): readonly Life[] {
  return models.flatMap((model) => {
    const presence = recordOf(ledger, model)?.presence
    return presence && presence.state !== 'stopped' ? [{ model, swap: presence.swap }] : []
  })
}

/** A life is over when its model is stopped or lives another one, and no swap can bring it about any more. */
export function whatBecameOf(ledger: Ledger, { model, swap }: Life): 'alive' | 'stuck' | 'over' {
  if (ledger.swaps.some(({ id }) => id === swap)) return 'alive'
  const presence = recordOf(ledger, model)?.presence
  if (!presence || presence.state === 'stopped' || presence.swap !== swap) return 'over'
  return presence.state === 'stuck' ? 'stuck' : 'alive'
}

export function withRecord(ledger: Ledger, model: ModelId, change: Partial<ModelRecord>): Ledger {
  const models = ledger.models.map((record) => (record.settings.id === model ? { ...record, ...change } : record))
  return { ...ledger, models }
}

export function withSwap(ledger: Ledger, swap: Swap): Ledger {
  return { ...ledger, swaps: ledger.swaps.map((other) => (other.id === swap.id ? swap : other)) }
}
