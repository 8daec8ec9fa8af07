import type { ChildEvent, ChildStop, Life } from '../child.ts'
import type { Command, SchedulerEvent } from '../events.ts'

/** What enters the actor system from outside. A replay feeds it in again. */
export type Input = SchedulerEvent | ChildEvent | TimerRang

/** What leaves the actor system: decisions, and all that it asks of the world. A replay compares it. */
export type Output = Command | ChildOrder | Failed

/** A delay of an actor is over. Timers are inputs: how late one rings is the world's doing. */
export interface TimerRang {
  readonly type: 'timer'
  /** Such as `process.qwen`. */
  readonly actor: string
  /** The name of the delay in the actor's machine. */
  readonly delay: string
  readonly at: number
}

/** What a process asks of the world (`child.ts`). */
export type ChildOrder =
  | (Life & { readonly type: 'child.start' })
  /** Find out when it is ready. */
  | (Life & { readonly type: 'child.probe' })
  | (Life & ChildStop)

/** An actor has failed, and with it the system: the last thing it says. */
export interface Failed {
  readonly type: 'failed'
  readonly error: string
}
