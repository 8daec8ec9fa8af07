import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExpression } from '../../../config/matrix/parse.ts'
import { printExpression } from '../../../config/matrix/print.ts'
import { resolve } from '../../../config/matrix/sets.ts'
import { SyntaxFault } from '../../../config/matrix/tokens.ts'
import { matrices } from '../../support/matrix.ts'
import { id } from '../../support/settings.ts'

const read = (text: string) => resolve(parseExpression(text), id)

/** Where a text stops being an expression, and why. */
function faultOf(text: string): string {
  try {
    parseExpression(text)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return `${fault.at} ${fault.message}`
    throw fault
  }
  return 'none'
}

describe('expressions (§12.2)', () => {
  test.each([
    ['a', 'a'],
    ['  a\t&\n b ', 'a & b'],
    ['a|b&c', 'a | b & c'],
    ['(a|b)&c', '(a | b) & c'],
    ['((a))', 'a'],
    ['(a | (b | c)) | d', 'a | b | c | d'],
    ['a & (b & (c & d))', 'a & b & c & d'],
    ['(a & b) | (c & d)', 'a & b | c & d'],
    ['+s & a', '+s & a'],
    ['é_1.-x & ñ & 模型 & ٣', 'é_1.-x & ñ & 模型 & ٣'],
    ['"org/model:tag" & "a b" & "plain"', '"org/model:tag" & "a b" & plain'],
    ['+"my set"|a', '+"my set" | a'],
    ['"a&b|(c)"', '"a&b|(c)"'],
    ['"  "', '"  "'],
  ])('%j means %s', (text, printed) => {
    expect(printExpression(read(text))).toBe(printed)
  })

  test.each([
    ['', '0 is empty'],
    [' \n\t', '0 is empty'],
    ['a, b', '1 `,` at offset 1 cannot stand there'],
    ['  org/model', '5 `/` at offset 3 cannot stand there'],
    ['a:tag', '1 `:` at offset 1'],
    ['a @b', '2 `@` at offset 2'],
    ['é & 😀', '4 `😀` at offset 4'],
    ['"😀" & ?', '7 `?` at offset 6'],
    ['a & "b', '4 the quote `"` at offset 4 is never closed'],
    ['+', '0 `+` at offset 0 must be followed at once'],
    ['+ s', '0 `+` at offset 0 must be followed at once'],
    ['a + b', '2 `+` at offset 2 must be followed at once'],
    ['a+b', '1 expected `&`, `|` or the end, and found `+b` at offset 1'],
    ['a b', '2 expected `&`, `|` or the end, and found `b` at offset 2'],
    ['a "b c"', '2 expected `&`, `|` or the end, and found `"b c"` at offset 2'],
    ['a)', '1 expected `&`, `|` or the end, and found `)` at offset 1'],
    ['()', '1 expected a model, a `+set` or `(`, and found `)` at offset 1'],
    ['a &', '3 expected a model, a `+set` or `(`, and the expression ends'],
    ['a && b', '3 expected a model, a `+set` or `(`, and found `&` at offset 3'],
    ['| a', '0 expected a model, a `+set` or `(`, and found `|` at offset 0'],
    ['(a', '2 `(` at offset 0 is not closed: expected `&`, `|` or `)`, and the expression ends'],
    ['a & (b | (c)', '12 `(` at offset 4 is not closed'],
    ['(a b)', '3 `(` at offset 0 is not closed: expected `&`, `|` or `)`, and found `b` at offset 3'],
    [`${'('.repeat(201)}a${')'.repeat(201)}`, '200 has more than 200 parentheses within each other'],
    ['('.repeat(100_000), '200 has more than 200 parentheses'],
  ])('%j is no expression', (text, fault) => {
    expect(faultOf(text).slice(0, fault.length)).toBe(fault)
  })

  test('what is printed reads back as the same expression', () => {
    fc.assert(
      fc.property(matrices('abc'), ({ sets }) => {
        for (const { expression } of sets) expect(read(printExpression(expression))).toEqual(expression)
      }),
      { numRuns: 2_000 },
    )
  })

  test('any name but one with a quote in it can be written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((name) => !name.includes('"')),
        (name) => {
          const expression = {
            type: 'all',
            of: [
              { type: 'model', model: id(name) },
              { type: 'set', set: name },
            ],
          } as const
          expect(read(printExpression(expression))).toEqual(expression)
        },
      ),
    )
  })

  test('no text makes it crash or hang: an expression, or a fault within the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab_.-+&|()"/, \n', '😀', 'é'), maxLength: 40 }), (text) => {
        try {
          parseExpression(text)
        } catch (fault) {
          if (!(fault instanceof SyntaxFault)) throw fault
          expect(fault.at).toBeGreaterThanOrEqual(0)
          expect(fault.at).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 5_000 },
    )
  })
})
