import { expect, test } from 'vitest'
import { inDependencyOrder } from '../../../config/matrix/dependencies.ts'
import { parseExpression } from '../../../config/matrix/parse.ts'

const chain = Array.from({ length: 20_000 }, (_, n) => [`s${n}`, n === 0 ? 'm' : `+s${n - 1} & m`] as const)

test.each([
  ['in the order of use', chain],
  ['against it', chain.toReversed()],
])('a chain of sets that would overrun the stack is refused, written %s', (_how, sets) => {
  const problems: string[] = []
  const parsed = new Map(sets.map(([id, text]) => [id, parseExpression(text)]))
  inDependencyOrder(parsed, (_set, _at, message) => problems.push(message))
  expect(problems[0]).toBe('nests more than 200 deep, with the sets that it refers to')
  expect(problems.length).toBeLessThan(300)
})
