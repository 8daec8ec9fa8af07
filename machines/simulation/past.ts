import type { ModelId } from '../../config/config.ts'
import type { Exit } from '../child.ts'
import type { RequestId } from '../ids.ts'
import type { Settings } from '../policy/settings.ts'

/*
 * What the outside world did in a recorded history, apart from what the machines decided: so that it can do the same again
 * under other decisions. `null` is what the recording does not show, because the decisions cut it short.
 */

/** One life of an actor system. */
export interface Past {
  /** At the beginning. */
  readonly settings: Settings
  readonly begin: number
  readonly end: number
  /** In the order of their arrival. */
  readonly visits: readonly Visit[]
  /** For each model, what became of its processes, in their order. */
  readonly stories: ReadonlyMap<ModelId, readonly Story[]>
  readonly controls: readonly Control[]
}

/** A client comes for a model. */
export interface Visit {
  readonly request: RequestId
  readonly model: ModelId
  readonly at: number
  /** How long it was served. */
  readonly servedMs: number | null
  /** After how long it left, still waiting; null when it did not. */
  readonly patienceMs: number | null
}

/** What becomes of a process that is started. */
export interface Story {
  /** From its start. `never` is longer than anybody waited. */
  readonly readyAfterMs: number | 'never' | null
  /** It ended by itself, so long after its start, or after it was ready. */
  readonly death: { readonly of: 'loading' | 'serving'; readonly afterMs: number; readonly exit: Exit } | null
  /** From the request to stop. `never`: it had to be killed. */
  readonly stopMs: number | 'never' | null
}

/** What was asked of hotseat besides serving. */
export type Control =
  | { readonly type: 'unload'; readonly models: readonly ModelId[]; readonly at: number }
  | { readonly type: 'config.changed'; readonly settings: Settings; readonly at: number }
  | { readonly type: 'shutdown'; readonly budgetMs: number; readonly at: number }

/** The same with other settings, which hold from the beginning to the end: what was reloaded then is of no account. */
export function underThroughout(past: Past, settings: Settings): Past {
  return { ...past, settings, controls: past.controls.filter(({ type }) => type !== 'config.changed') }
}

/** How often other settings came into force. */
export function reloadsOf({ controls }: Past): number {
  return controls.filter(({ type }) => type === 'config.changed').length
}
