import type { Caller } from '../auth/caller.ts'
import { sseMessage } from '../http/sse.ts'

/**
 * One type of message. A source keeps nothing for its clients: each remembers how much of it has been seen, and asks for what
 * comes next when it can take more. So a client that does not read costs nothing and, when it reads again, gets what counts
 * then, never a backlog (W29).
 */
export interface Source {
  /** What follows `seen`, which is null for a client that has seen nothing; null when there is nothing to tell it. */
  next(seen: number | null, caller: Caller): Step | null
}

export interface Step {
  /** Whole frames. */
  readonly frames: string
  /** What is seen once they are sent. */
  readonly seen: number
}

/** A message as it goes over the wire: JSON within JSON (server §21.2). */
export function message(type: string, data: unknown): string {
  return sseMessage('message', JSON.stringify({ type, data: JSON.stringify(data) }))
}
