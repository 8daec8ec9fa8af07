import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attempt } from '../proof/mutants/attempt.ts'
import { invariantMutants } from '../proof/mutants/invariants.ts'
import { mutants } from '../proof/mutants/list.ts'
import { mutate } from '../proof/mutants/mutant.ts'
import { beginning, page } from '../proof/mutants/table.ts'

/* A property that cannot fail proves nothing: each of these bugs, planted in a copy, must be caught. All are, by `npm run mutants`. */

const timeout = 120_000
const root = join(import.meta.dirname, '..', '..')
const firstOfEach = invariantMutants.filter(
  ({ breaks }, place) => invariantMutants.findIndex((other) => other.breaks === breaks) === place,
)

test.each(firstOfEach)('the walk sees $breaks break when $bug', { timeout }, async (mutant) => {
  expect((await attempt({ mutant, by: 'walk' }))?.broken).toBe(mutant.breaks)
})

test.each(firstOfEach)('random histories see something break when $bug', { timeout }, async (mutant) => {
  expect(await attempt({ mutant, by: 'histories' })).not.toBe(null)
})

test.each(mutants)('there is something to be broken, so that $bug', (mutant) => {
  const source = readFileSync(join(root, 'machines', mutant.file), 'utf8')
  expect(mutate(source, mutant)).not.toBe(source)
})

test(`${page} lists every bug, in order: after a change, npm run mutants -- --write`, () => {
  const [, table = ''] = readFileSync(join(root, page), 'utf8').split('<!-- mutants -->')
  expect(table.match(/^\| (I\d|scheduling §).*?\|.*?\|/gm)).toEqual(mutants.map(beginning))
})
