import { expect, test } from 'vitest'
import { warnOfGuesses } from '../../server/logs/guesses.ts'
import { matrixOf } from '../support/matrix.ts'
import { id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const names = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcd']

/** What the log says when `t` gets a place, with everything else loaded. */
function warningsOf(block: string): readonly string[] {
  const all = [...names, 't']
  const world = new World(settings(all.join(''), { router: { use: 'matrix', ...matrixOf(all.join(' '), block) } }))
  const warnings: string[] = []
  world.engine.attend(warnOfGuesses({ warn: (message) => warnings.push(message) }, () => world.ledger))
  for (const name of names) world.release(world.load(id(name)))
  world.request(id('t'))
  return warnings
}

test('a swap that was planned without comparing everything is told of in the log, once, with its victims', () => {
  const anyOf = `(${names.join(' | ')})`
  const tangle = Array(10).fill(anyOf).join(' & ')
  const warnings = warningsOf(`sets:\n  all: ${names.join(' & ')}\n  tangle: ${tangle} & t`)
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^Swap 31: there are too many ways to run t .* so B, C, .*, d must stop/)
})

test('others are not worth a word', () => {
  expect(warningsOf(`sets:\n  all: ${names.join(' & ')}\n  some: t & A`)).toEqual([])
})
