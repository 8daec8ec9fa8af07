import type { Witness } from '../../machines/edge.ts'
import { type Ledger, residentBefore } from '../../machines/policy/ledger.ts'
import { isGuess } from '../../machines/policy/planners.ts'
import type { Output } from '../../machines/trace/lines.ts'
import type { Logs } from './logs.ts'

/**
 * Says of each swap that was planned without comparing everything that it was (config §12.4). A planner is silent, and
 * asked far more often than obeyed; so the question is asked again here, where the swap starts.
 */
export function warnOfGuesses(logs: Pick<Logs, 'warn'>, ledger: () => Ledger): Witness {
  const output = (command: Output) => {
    if (command.type !== 'swap.start') return
    const current = ledger()
    const swap = current.swaps.find(({ id }) => id === command.swap)
    if (!swap || !isGuess(current.routing, swap.target, residentBefore(current, swap))) return
    logs.warn(
      `Swap ${swap.id}: there are too many ways to run ${swap.target} beside what is loaded to compare them all. The first set of the matrix that holds it was taken as if nothing were loaded, so ${swap.evict.join(', ')} must stop. The choice is exact when fewer models stand on more than one side of an &.`,
    )
  }
  return { output }
}
