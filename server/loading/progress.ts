import type { RequestId } from '../../machines/ids.ts'
import { type Cause, standingOf } from '../../machines/policy/standing.ts'
import type { Server } from '../server.ts'
import type { Progress } from './script.ts'

/** What can be told of a request that waits. */
export function progressOf({ system, loads, now }: Server, request: RequestId): Progress {
  const standing = standingOf(system.ledger(), request)
  if (!standing) return { position: null, reason: '', remainingMs: null }
  const { position, behind } = standing
  return { position, reason: behind ? reasonOf(behind) : '', remainingMs: loads.etaMs(standing, now()) }
}

function reasonOf(behind: Cause): string {
  switch (behind.type) {
    case 'load':
      return ''
    case 'swap':
      return `behind the swap to ${behind.swap.target}`
    case 'busy':
      return `until ${behind.model} has answered`
    case 'turn':
      return 'behind an older request'
  }
}
