import type { ModelId } from '../config/config.ts'
import type { Life } from './child.ts'
import type { RequestId, SwapId, UnloadId } from './ids.ts'
import type { Failure, Refusal } from './policy/failure.ts'
import type { ModelSettings, Settings } from './policy/settings.ts'

/*
 * Every message of the actor system but those between a process and its child (`child.ts`).
 * `at` is in milliseconds of the actor system's clock: a machine never reads one.
 */

/** From the desk and the lease: what clients do. */
export type ClientEvent =
  | { readonly type: 'request'; readonly request: RequestId; readonly model: ModelId; readonly at: number }
  | { readonly type: 'request.cancel'; readonly request: RequestId; readonly at: number }
  | { readonly type: 'serve.done'; readonly request: RequestId; readonly model: ModelId; readonly at: number }

/** From control routes and the main program. */
export type ControlEvent =
  | { readonly type: 'unload'; readonly unload: UnloadId; readonly models: readonly ModelId[]; readonly at: number }
  /** A configuration has been read and checked; `settings` is all that the machines need of it. */
  | { readonly type: 'config.changed'; readonly settings: Settings; readonly at: number }
  | { readonly type: 'shutdown'; readonly budgetMs: number; readonly at: number }

/** What happened to a process or a swap. */
export type WorldEvent = ProcessChanged | ProcessIdle | SwapDone

/** A process entered another state. `failure` says why a load did not end in `ready`. */
export type ProcessChanged = Life & {
  readonly type: 'process.changed'
  readonly state: 'stopped' | 'starting' | 'ready' | 'stopping' | 'stuck'
  readonly failure: Failure | null
  readonly at: number
}

/** The timer of a ready process rang: of its ttl, or of its drain when it is outdated. The scheduler decides what that means. */
export type ProcessIdle = Life & { readonly type: 'process.idle'; readonly at: number }

/** The one answer to `swap.start`. */
export type SwapDone = {
  readonly type: 'swap.done'
  readonly swap: SwapId
  readonly target: ModelId
  readonly outcome: SwapOutcome
  readonly at: number
}

export type SwapOutcome =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** The victim could not be stopped: its memory is still taken. */
  | { readonly type: 'stuck'; readonly victim: ModelId }
  | { readonly type: 'aborted' }

export type SchedulerEvent = ClientEvent | ControlEvent | WorldEvent

/** What the scheduler decided, for the router to carry out. */
export type Command =
  /**
   * `clear` are the lives that must end first: the victims', and the target's own when it is still being stopped.
   * `keep` is the target's life when it is ready already and only the victims are in its way (config §11.3).
   */
  | {
      readonly type: 'swap.start'
      readonly swap: SwapId
      readonly target: ModelId
      readonly clear: readonly Life[]
      readonly keep: SwapId | null
      readonly at: number
    }
  | { readonly type: 'swap.abort'; readonly swap: SwapId; readonly target: ModelId; readonly at: number }
  /** `graceMs` null: each model's own `unloadTimeoutMs`. */
  | {
      readonly type: 'processes.stop'
      readonly lives: readonly Life[]
      readonly graceMs: number | null
      readonly at: number
    }
  /** Give each of these models its process actor, or these settings to the one that it has. */
  | { readonly type: 'processes.configure'; readonly models: readonly ModelSettings[]; readonly at: number }
  /** Let the actors of these models go: nothing of their processes is left. */
  | { readonly type: 'processes.drop'; readonly models: readonly ModelId[]; readonly at: number }
  /** Wind the timer of a ready process: it shall ring `forMs` after `at`. */
  | (Life & { readonly type: 'idle.wind'; readonly forMs: number; readonly at: number })
  | Reply

/** What leaves the actor system: each is the one answer to a `request`, an `unload` or a `shutdown`. */
export type Reply =
  | { readonly type: 'grant.serve'; readonly request: RequestId; readonly model: ModelId; readonly swap: SwapId }
  | { readonly type: 'grant.error'; readonly request: RequestId; readonly model: ModelId; readonly refusal: Refusal }
  | { readonly type: 'unload.done'; readonly unload: UnloadId; readonly stuck: readonly ModelId[] }
  | { readonly type: 'shutdown.done'; readonly stuck: readonly ModelId[] }

/** What a process is told. A command for a life that is over is answered by saying so again, and changes nothing (I5). */
export type ProcessCommand =
  | ({ readonly swap: SwapId; readonly at: number } & (
      | { readonly type: 'process.start' }
      /** `graceMs` null: the model's own `unloadTimeoutMs`. Said again, the shorter grace counts. */
      | { readonly type: 'process.stop'; readonly graceMs: number | null }
      | { readonly type: 'process.wind'; readonly forMs: number }
    ))
  /** Other settings. Deadlines that run keep the length with which they began. */
  | { readonly type: 'process.configure'; readonly settings: ModelSettings; readonly at: number }
