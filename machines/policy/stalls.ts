import { type Ledger, recordOf, type Swap } from './ledger.ts'
import { type ModelSettings, reapMs } from './settings.ts'
import { type Standing, standings } from './standing.ts'

/** Something that will not move by itself. */
export type Stall =
  /** Requests wait and nothing is in their way: I7 is broken. */
  | { readonly type: 'forgotten'; readonly standing: Standing }
  /** A swap is under way for longer than all of its deadlines together. */
  | { readonly type: 'overdue'; readonly swap: Swap; readonly deadline: number }

/** Deadlines are timers: on a busy machine they fire late, and what they set off takes its time. */
const slackMs = 5_000

/** What has stopped moving, by the clock of the actor system. Empty as long as the scheduler keeps its word. */
export function stalls(ledger: Ledger, now: number): readonly Stall[] {
  const forgotten = standings(ledger)
    .filter(({ behind }) => behind === null)
    .map((standing): Stall => ({ type: 'forgotten', standing }))
  const overdue = ledger.swaps.flatMap((swap): Stall[] => {
    const deadline = deadlineOf(ledger, swap)
    return now > deadline ? [{ type: 'overdue', swap, deadline }] : []
  })
  return [...forgotten, ...overdue]
}

/** When a swap has ended at the latest: its victims stop side by side, its target loads, or is given up and stops in turn. */
export function deadlineOf(ledger: Ledger, { target, evict, since }: Swap): number {
  const victims = [...evict, target].map((model) => recordOf(ledger, model)?.settings)
  const clearMs = Math.max(...victims.map(stopMs))
  const own = recordOf(ledger, target)?.settings
  return since + clearMs + (own?.healthCheckTimeoutMs ?? 0) + stopMs(own) + slackMs
}

function stopMs(settings: ModelSettings | undefined): number {
  return (settings?.unloadTimeoutMs ?? 0) + reapMs
}
