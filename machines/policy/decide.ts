import type { ModelId } from '../../config/config.ts'
import type { SwapId } from '../ids.ts'
import { censusOf } from './census.ts'
import type { Refusal } from './failure.ts'
import { type Ledger, type ModelRecord, recordOf, resident, type Swap, swapTo, type Ticket } from './ledger.ts'
import { isDraining, isOutdated, leftoversInTheWay } from './outdated.ts'
import type { Planner } from './planner.ts'

/** What becomes of a request, and why. */
export type Verdict =
  | { readonly type: 'refuse'; readonly refusal: Refusal }
  | { readonly type: 'join'; readonly swap: Swap }
  | { readonly type: 'wait'; readonly behind: Obstacle }
  | { readonly type: 'serve'; readonly life: SwapId }
  | { readonly type: 'swap'; readonly evict: readonly ModelId[] }

/** What a queued request waits for. */
export type Obstacle =
  /** A swap under way that its own would collide with. */
  | { readonly type: 'swap'; readonly swap: Swap }
  /** A model that must stop and still serves. */
  | { readonly type: 'busy'; readonly model: ModelId }
  /** A request that has waited too long to be overtaken by this one. */
  | { readonly type: 'turn'; readonly ticket: Ticket }

/**
 * What becomes of a request for `model` (scheduling §2). Asked when it arrives and again each time the queue is walked.
 * Whether it is admitted at all is asked once, before: see `consider`.
 */
export function decide(ledger: Ledger, plan: Planner, model: ModelId): Verdict {
  const record = recordOf(ledger, model)
  if (!record || record.isRemoved) return { type: 'refuse', refusal: { reason: 'unknown model' } }

  const own = swapTo(ledger, model)
  if (own) return own.aborting ? { type: 'wait', behind: { type: 'swap', swap: own } } : { type: 'join', swap: own }

  const residents = resident(ledger)
  const { presence, backoff } = record
  const isReady = presence.state === 'ready' && !isOutdated(record)
  // Who is ready has its place; who is on its way out must be given one again, beside whatever runs by now.
  const others = residents.filter((id) => id !== model)
  const evict = isReady ? plan(model, residents) : withLeftovers(ledger, plan(model, others), record)
  const collision = ledger.swaps.find((swap) => collides(plan, swap, model, evict))
  if (collision) return { type: 'wait', behind: { type: 'swap', swap: collision } }

  const elder = elderInTheWay(ledger, plan, record, residents)
  if (elder) return { type: 'wait', behind: { type: 'turn', ticket: elder } }

  if (isReady && evict.length === 0) return { type: 'serve', life: presence.swap }

  if (!isReady && backoff && ledger.now < backoff.until) {
    const retryAfterMs = backoff.until - ledger.now
    return { type: 'refuse', refusal: { reason: 'model failed', failure: backoff.failure, retryAfterMs } }
  }

  const busy = evict.find((id) => isLeased(ledger, id)) ?? (isDraining(record) ? model : undefined)
  if (busy !== undefined) return { type: 'wait', behind: { type: 'busy', model: busy } }
  return { type: 'swap', evict }
}

/**
 * Two swaps collide when either stops the other's target, or both stop the same model (scheduling §2.5). Planners need not
 * be symmetric: a target on its way would also have stopped this model, had it been there (I3).
 */
function collides(plan: Planner, swap: Swap, model: ModelId, evict: readonly ModelId[]): boolean {
  if (evict.includes(swap.target) || swap.evict.includes(model)) return true
  return swap.evict.some((id) => evict.includes(id)) || plan(swap.target, [model]).length > 0
}

/** What must stop so that a process of the model may start: the planner's choice, and what a reload left in its way. */
function withLeftovers(ledger: Ledger, planned: readonly ModelId[], record: ModelRecord): readonly ModelId[] {
  const leftovers = leftoversInTheWay(ledger, record)
  if (leftovers.length === 0) return planned
  return ledger.models.map(({ settings }) => settings.id).filter((id) => planned.includes(id) || leftovers.includes(id))
}

function isLeased(ledger: Ledger, model: ModelId): boolean {
  return (recordOf(ledger, model)?.leases.length ?? 0) > 0
}

/**
 * The oldest queued request, once it has waited `maxWaitMs` and this model is in its way: its swap would have to stop
 * the model, or, if the model came up before it, another one more. Then the model is neither granted nor loaded before
 * it (scheduling §7). A model swapped in less than `minTenureMs` ago is still granted.
 */
function elderInTheWay(
  { models, queue, routing, now }: Ledger,
  plan: Planner,
  { settings: { id }, presence }: ModelRecord,
  residents: readonly ModelId[],
): Ticket | undefined {
  const elder = routing.maxWaitMs === 0 ? undefined : censusOf(queue).eldest
  if (!elder || elder.model === id || now - elder.at < routing.maxWaitMs) return undefined
  if (presence.state === 'ready' && now - presence.since < routing.minTenureMs) return undefined

  const others = residents.filter((model) => model !== elder.model)
  const victims = plan(elder.model, others)
  if (victims.includes(id)) return elder
  if (others.includes(id)) return undefined
  const withIt = models.map(({ settings }) => settings.id).filter((model) => model === id || others.includes(model))
  return plan(elder.model, withIt).every((victim) => victims.includes(victim)) ? undefined : elder
}
