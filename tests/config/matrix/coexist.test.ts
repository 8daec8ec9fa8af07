import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coexist } from '../../../config/matrix/coexist.ts'
import { candidatesOf, matrices, matrixOf, residents } from '../../support/matrix.ts'
import { id } from '../../support/settings.ts'

const matrix = matrixOf(
  'chat code tts draw rank giant lone',
  'sets:\n  talk: (chat | code) & tts\n  rank: chat & tts & rank\n  art: (chat | code) & draw\n  all: +art & giant',
)
const words = (names: string) => names.split(' ').filter(Boolean).map(id)

test.each([
  ['', true],
  ['chat', true],
  ['lone', false],
  ['nobody', false],
  ['chat tts rank', true],
  ['rank chat chat', true],
  ['chat code', false],
  ['chat draw tts', false],
  ['code draw giant', true],
  ['chat lone', false],
])('whether %j can run together (§12.5): %s', (models, together) => {
  expect(coexist(matrix, words(models))).toBe(together)
})

test('it is so when a member of a set holds them all', () => {
  fc.assert(
    fc.property(matrices('abcdef'), residents('abcdef'), (matrix, models) => {
      const candidates = [...candidatesOf(matrix)]
      const isHeld =
        models.length === 0 || candidates.some(({ members }) => models.every((model) => members.has(model)))
      expect(coexist(matrix, models)).toBe(isHeld)
    }),
    { numRuns: 2_000 },
  )
})
