import type { SwapDone } from '../../events.ts'
import { backoffMs, type Failure } from '../failure.ts'
import { type Ledger, recordOf, type Swap, withRecord } from '../ledger.ts'
import { enqueue } from '../queue.ts'
import type { Step } from './step.ts'
import { grant, refuse } from './verdict.ts'

/** A swap is over: its waiters are granted or told why not. One that is not under way changes nothing (I5). */
export function settle(ledger: Ledger, { swap: id, outcome }: SwapDone): Step {
  const swap = ledger.swaps.find((other) => other.id === id)
  if (!swap) return [ledger, []]
  const rest = { ...ledger, swaps: ledger.swaps.filter((other) => other !== swap) }

  switch (outcome.type) {
    case 'ready':
      return settleReady(rest, swap)
    case 'failed': {
      const backedOff = backOff(rest, swap, outcome.failure)
      const retryAfterMs = (recordOf(backedOff, swap.target)?.backoff?.until ?? ledger.now) - ledger.now
      return refuse(backedOff, swap.waiters, { reason: 'model failed', failure: outcome.failure, retryAfterMs })
    }
    case 'stuck':
      return refuse(rest, swap.waiters, { reason: 'stop failed', victim: outcome.victim })
    case 'aborted':
      return [queueAgain(rest, swap), []]
  }
}

/** Nobody is granted into a dead process: if the target died right after it became ready, its waiters are decided again. */
function settleReady(ledger: Ledger, swap: Swap): Step {
  const presence = recordOf(ledger, swap.target)?.presence
  if (presence?.state !== 'ready') return [queueAgain(ledger, swap), []]
  return grant(withRecord(ledger, swap.target, { backoff: null }), swap.waiters, presence.swap)
}

function queueAgain(ledger: Ledger, swap: Swap): Ledger {
  return swap.waiters.reduce(enqueue, ledger)
}

function backOff(ledger: Ledger, { target }: Swap, failure: Failure): Ledger {
  const failures = (recordOf(ledger, target)?.backoff?.failures ?? 0) + 1
  return withRecord(ledger, target, { backoff: { failures, until: ledger.now + backoffMs(failures), failure } })
}
