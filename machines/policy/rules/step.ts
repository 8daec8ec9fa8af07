import type { Command } from '../../events.ts'
import type { Ledger } from '../ledger.ts'

/** What a rule returns: the next ledger, and what is to be done about it. */
export type Step = readonly [Ledger, readonly Command[]]
