import fc from 'fast-check'
import { Violation } from '../../../proof/judge/violation.ts'
import { histories, live, worlds } from '../../support/history.ts'
import type { Catch } from './trial.ts'

const runs = 5_000

/** Lives random histories until one is found broken. The same ones each time. */
export function search(twice: boolean): Catch | null {
  let after = 0
  let broken: string | undefined
  fc.check(
    fc.property(worlds, histories, (settings, history) => {
      after++
      broken = brokenBy(() => {
        const said = live(settings, history).messages
        if (twice && JSON.stringify(live(settings, history).messages) !== JSON.stringify(said))
          throw new Violation('I8', 'differs')
      })
      return broken === undefined
    }),
    { numRuns: runs, seed: 1, endOnFailure: true },
  )
  return broken === undefined ? null : { broken, after }
}

function brokenBy(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (fault) {
    return fault instanceof Violation ? fault.invariant : 'no machine fails'
  }
}
