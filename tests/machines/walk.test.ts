import { afterAll, expect, test } from 'vitest'
import { examine, type Findings } from '../../proof/examine.ts'
import { overtakingDraft, smallDrafts } from '../../proof/worlds.ts'

const timeout = 120_000
let states = 0

function count(findings: Findings): Findings {
  states += findings.states
  return findings
}

test.each(smallDrafts)(
  'in every history of $name the invariants hold and everyone is answered in time',
  { timeout },
  (draft) => {
    const { isComplete, broken, circles, rounds, bound } = count(examine(draft))
    expect({ isComplete, broken, circles }).toEqual({ isComplete: true, broken: null, circles: [] })
    expect(rounds).toBeLessThanOrEqual(bound ?? Number.POSITIVE_INFINITY)
  },
)

test('without maxWait two clients of one model may keep a third waiting for ever, and the invariants hold', {
  timeout,
}, () => {
  const { isComplete, broken, circles } = count(examine(overtakingDraft))
  expect({ isComplete, broken }).toEqual({ isComplete: true, broken: null })
  expect(circles.map(({ goal }) => goal)).toEqual(['the oldest request is answered'])
})

test('the same event leads to the same state and the same commands, byte for byte (I8)', { timeout }, () => {
  expect(examine(smallDrafts[0]!, { twice: true }).broken).toBe(null)
})

afterAll(() => console.info(`${states} states`))
