import * as v from 'valibot'
import { numberText } from './numbers.ts'
import { type Shape, shaped } from './shape.ts'
import { Scalar } from './tree.ts'

/* How a field reads what was written (§3). */

function scalar<T>(shape: Shape, expected: string, read: (scalar: Scalar) => T | undefined) {
  return v.pipe(
    v.instance(Scalar, `expected ${expected}`),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
      const typed = read(value)
      if (typed !== undefined) return typed
      addIssue({ message: `expected ${expected}, and this is ${value.isPlain ? '' : 'the text '}\`${value.text}\`` })
      return NEVER
    }),
    shaped(shape),
  )
}

/** Any scalar, as it is spelled. */
export const text = scalar({ type: 'text' }, 'text', ({ text }) => text)

/** Text of which all that is accepted is alike; that is checked by who normalises it, and knows what to tell. */
function textLike(pattern: string, expected: string) {
  return v.pipe(text, shaped({ type: 'text', like: { pattern, expected } }))
}

export const notBlank = textLike('\\S', 'a text that is not empty')
export const withoutBlanks = textLike('^\\S+$', 'a text without blanks')
export const trimmed = textLike('^\\S(?:[\\s\\S]*\\S)?$', 'a text that neither begins nor ends with a blank')
export const assignment = textLike('^[^=]+=', '`NAME=value`')
export const httpUrl = textLike('^[hH][tT][tT][pP][sS]?://[^/?#]', 'an address such as `http://host:8080`')

/** One of some words, or none; that too is checked by who normalises it. */
export function wordOf(...words: readonly string[]) {
  return v.pipe(text, shaped({ type: 'word', words: [...words, ''], isLoose: false }))
}

/** Unquoted, in any spelling of a number; a float only without a fraction. */
export const integer = scalar({ type: 'integer' }, 'a whole number', (scalar) =>
  scalar.isPlain ? integerOf(scalar.text) : undefined,
)

export const boolean = scalar({ type: 'boolean' }, 'true or false', ({ text, isPlain }) => {
  if (isPlain && /^(?:true|True|TRUE)$/.test(text)) return true
  if (isPlain && /^(?:false|False|FALSE)$/.test(text)) return false
  if (/^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return true
  if (/^(?:n|N|no|No|NO|off|Off|OFF)$/.test(text)) return false
  return undefined
})

/** Within bounds, both included. */
export function between(least: number, most: number) {
  return v.pipe(
    integer,
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
    shaped({ type: 'integer', least, most }),
  )
}

export function atLeast(least: number, message = `must be at least ${least}`) {
  return v.pipe(integer, v.minValue(least, message), shaped({ type: 'integer', least }))
}

/** One of some words, trimmed and in any case when `isLoose`. */
export function oneOf<const T extends string>(words: readonly T[], { isLoose = false } = {}) {
  const expected = `one of ${words.map((word) => `\`${word}\``).join(', ')}`
  return scalar({ type: 'word', words, isLoose }, expected, ({ text }) => {
    const word = isLoose ? text.trim().toLowerCase() : text
    return words.find((other) => other === word)
  })
}

function integerOf(written: string): number | undefined {
  const number = numberText(written)
  const value = number === null ? Number.NaN : Number(number)
  return Number.isSafeInteger(value) ? value : undefined
}

const durationUnits = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const durationPart = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g

/** One or more numbers with units, such as `1m30s`; in milliseconds. */
export const duration = scalar({ type: 'duration' }, 'a duration such as `7.5s` or `1m30s`', ({ text }) => {
  const [, sign = '', parts = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  if (parts === '' || parts.replace(durationPart, '') !== '') return undefined
  const found = [...parts.matchAll(durationPart)]
  const total = found.reduce(
    (sum, [, n, unit]) => sum + Number(n) * durationUnits[unit as keyof typeof durationUnits],
    0,
  )
  return sign === '-' ? -total : total
})
