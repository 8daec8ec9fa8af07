import type { Selector, Target } from '../../config/selectors.ts'
import type { Presence } from '../../machines/policy/ledger.ts'

/** What is known of a target at the moment of a choice. */
export interface Candidate {
  readonly target: Target
  /** Of its process; null for a peer's model, of which that is not known. */
  readonly state: Presence['state'] | null
  /** A swap is bringing it up. */
  readonly isComing: boolean
  /** Requests that it has now, waiting or served, by whatever name they came: the scheduler's own count (W47). */
  readonly requests: number
}

/**
 * The targets of a selector in the order in which they are to be tried (server §7.2, config §13.7). Only `failover` tries
 * more than one. None: nothing of it can be used now.
 * @param turn counts the choices of this selector, so that equals take turns
 */
export function choose(
  { strategy, spillover }: Selector,
  candidates: readonly Candidate[],
  turn: number,
): readonly Target[] {
  const targets = candidates.map(({ target }) => target)
  switch (strategy) {
    case 'pin':
      return targets.slice(0, 1)
    case 'failover':
      return targets
    case 'warm': {
      const ready = candidates.find(({ state }) => state === 'ready')
      return [(ready ?? candidates.find(isStarting) ?? candidates[0])!.target]
    }
    case 'spillover': {
      const chosen = spill(candidates.filter(isUsable), spillover, turn)
      return chosen ? [chosen.target] : []
    }
  }
}

/** The least busy of those that run, as long as one has room; then the next one that does not. */
function spill(usable: readonly Candidate[], room: number, turn: number): Candidate | undefined {
  const active = usable.filter(isActive)
  const cold = usable.find((candidate) => !isActive(candidate))
  const least = Math.min(...active.map(({ requests }) => requests))
  const equals = active.filter(({ requests }) => requests === least)
  const idlest = equals[turn % Math.max(1, equals.length)]
  return idlest && least < room ? idlest : (cold ?? idlest)
}

function isStarting({ state, isComing }: Candidate): boolean {
  return state === 'starting' || isComing
}

/** What is being stopped would have to end before it could begin. */
function isUsable({ state, isComing }: Candidate): boolean {
  return isComing || (state !== 'stopping' && state !== 'stuck')
}

function isActive(candidate: Candidate): boolean {
  return candidate.state === 'ready' || isStarting(candidate) || candidate.requests > 0
}
