import { examine, type Findings } from '../../../proof/examine.ts'
import { isLate } from '../../../proof/report.ts'
import { mediumDrafts, smallDrafts } from '../../../proof/worlds.ts'
import type { Catch } from './trial.ts'

/** No world of these has as many: a walk that goes on beyond has found states that should not be. */
const manyStates = 100_000

/** Walks the small worlds until one is found broken. */
export function search(twice: boolean): Catch | null {
  let after = 0
  for (const draft of [...smallDrafts, ...mediumDrafts]) {
    const findings = examine(draft, { limit: manyStates, twice })
    after += findings.states
    const broken = brokenIn(findings)
    if (broken) return { broken, after }
  }
  return null
}

function brokenIn(findings: Findings): string | undefined {
  const { isComplete, broken, circles } = findings
  if (broken) return broken.message.split(':')[0]
  if (circles.length > 0) return 'I7'
  if (isLate(findings)) return 'scheduling §7'
  return isComplete ? undefined : 'there is no end of states'
}
