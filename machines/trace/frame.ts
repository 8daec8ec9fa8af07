import type { Settings } from '../policy/settings.ts'
import type { Timer } from '../timers.ts'
import type { Input, Output } from './lines.ts'

/** A run begins: the lines that follow happened to an actor system with these settings, fresh unless a checkpoint follows. */
export interface Header {
  readonly type: 'trace'
  /** Of the format: `upgrade.ts`. */
  readonly version: number
  /** Version of the hotseat that wrote it. */
  readonly hotseat: string
  /** Milliseconds since the epoch, as everywhere. */
  readonly at: number
  readonly settings: Settings
}

/** The state of every actor at this point, so that a run can begin in the middle of a history. */
export interface Checkpoint {
  readonly type: 'checkpoint'
  /** The scheduler, the processes and the swaps, each in the order of their beginning. */
  readonly actors: readonly ActorState[]
  readonly timers: readonly Timer[]
}

export interface ActorState {
  /** Such as `process.qwen`. */
  readonly id: string
  /** The active states, as XState writes them. */
  readonly state: unknown
  /** What the actor remembers. Other actors in it are `{"xstate$$type": 1, "id": …}`, as XState writes them. */
  readonly context: unknown
}

/** Whoever wrote could not keep up, or was asked for the end only: so many lines are missing here. A new run follows, if any. */
export interface Dropped {
  readonly type: 'dropped'
  readonly lines: number
}

export type Line = Header | Checkpoint | Dropped | Input | Output
