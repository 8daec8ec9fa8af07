import type { Ledger } from '../policy/ledger.ts'
import type { Input } from './lines.ts'

/** Where a replay departs from the trace, and from what. */
export interface Difference {
  readonly kind: /** The machines say something else. */
    | 'other'
    /** The machines do not say what was recorded. */
    | 'missing'
    /** The machines say more than was recorded. */
    | 'extra'
    /** The timer that rang does not run. */
    | 'timer'
    /** Everything was said alike, and yet an actor is in another state than a checkpoint has it. */
    | 'state'
  /** Of the trace, from 1. */
  readonly line: number
  readonly recorded: string | null
  readonly replayed: string | null
  /** What the machines were told before that. */
  readonly cause: Cause | null
  /** Just before the cause, and after it. */
  readonly ledgers: { readonly before: Ledger; readonly after: Ledger }
}

export interface Cause {
  readonly line: number
  readonly input: Input
}
