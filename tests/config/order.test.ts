import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byCodePoint } from '../../config/order.ts'

test('names are in the order of their bytes in UTF-8', () => {
  const name = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', 'b', '\u{e000}', '\u{10000}', '\u{1f4a9}'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  })
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})
