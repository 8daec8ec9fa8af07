import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joined, Pieces, textAt } from '../../../server/body/pieces.ts'
import { cut, places } from '../../support/pieces.ts'

test('pieces are given back in the order in which they came, all at once or one after the other', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3_000 }), places, fc.nat({ max: 10 }), (text, at, first) => {
      const pieces = new Pieces()
      let taken = ''
      for (const [index, piece] of cut(Buffer.from(text, 'latin1'), at).entries()) {
        pieces.add(piece)
        if (index === first) taken += pieces.take()!.toString('latin1')
      }
      taken += joined(pieces.list).toString('latin1')
      expect(taken).toBe(Buffer.from(text, 'latin1').toString('latin1'))
    }),
  )
})

test('a body that comes byte by byte is not kept byte by byte', () => {
  const pieces = new Pieces()
  for (let at = 0; at < 100_000; at++) pieces.add(Buffer.from('x'))
  expect(pieces.list.length).toBeLessThan(300)
  expect(joined(pieces.list)).toHaveLength(100_000)
})

test('a text is found wherever it is cut', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), places, (before, text, after, at) => {
      const [start, length] = [Buffer.byteLength(before), Buffer.byteLength(text)]
      const pieces = cut(Buffer.from(before + text + after), at)
      expect(textAt(pieces, { start, end: start + length })).toBe(text)
    }),
  )
})
