import fc from 'fast-check'
import { test } from 'vitest'
import { smallDrafts, worldOf } from '../../proof/worlds.ts'
import { Lockstep } from './lockstep.ts'

const runs = 50

test.each(smallDrafts)('in $name the walk is where the real actor system is, and says the same', (draft) => {
  const world = worldOf(draft)
  fc.assert(
    fc.property(fc.array(fc.nat(999), { maxLength: 60, size: 'max' }), (choices) => {
      const lockstep = new Lockstep(world)
      for (const choice of choices) lockstep.step(choice)
    }),
    { numRuns: runs },
  )
})
