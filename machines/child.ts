import type { ModelId } from '../config/config.ts'
import type { SwapId } from './ids.ts'

/** Which life of which model: the address of everything that is said to or by a child process. */
export interface Life {
  readonly model: ModelId
  readonly swap: SwapId
}

/** How a child process ended. */
export type Exit =
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'killed'; readonly signal: string }
  /** It never ran: `code` is the errno of the spawn, such as `ENOENT`. */
  | { readonly type: 'unspawned'; readonly code: string }
  /** It was not even tried: another program listens on the port that was given out for it. */
  | { readonly type: 'port taken'; readonly port: number }

/**
 * What the world answers about a child. `at` is in milliseconds of the actor system's clock.
 * `child.exited` is the last word of a life and is said once: the process is reaped, its group is gone, its port is free.
 */
export type ChildEvent = Life &
  (
    | { readonly type: 'child.spawned'; readonly pid: number; readonly at: number }
    | { readonly type: 'child.ready'; readonly at: number }
    | { readonly type: 'child.exited'; readonly exit: Exit; readonly at: number }
  )

/** What a child is told: end politely, then by force after `graceMs`. Said again, the shorter grace counts. */
export interface ChildStop {
  readonly type: 'child.stop'
  readonly graceMs: number
}
