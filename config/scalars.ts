import * as v from 'valibot'
import { numberText } from './numbers.ts'
import { Scalar } from './tree.ts'

/* How a field reads what was written (§3). */

function scalar<T>(expected: string, read: (scalar: Scalar) => T | undefined) {
  return v.pipe(
    v.instance(Scalar, `expected ${expected}`),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
      const typed = read(value)
      if (typed !== undefined) return typed
      addIssue({ message: `expected ${expected}, and this is ${value.isPlain ? '' : 'the text '}\`${value.text}\`` })
      return NEVER
    }),
  )
}

/** Any scalar, as it is spelled. */
export const text = scalar('text', ({ text }) => text)

/** Unquoted, in any spelling of a number; a float only without a fraction. */
export const integer = scalar('a whole number', (scalar) => (scalar.isPlain ? integerOf(scalar.text) : undefined))

export const boolean = scalar('true or false', ({ text, isPlain }) => {
  if (isPlain && /^(?:true|True|TRUE)$/.test(text)) return true
  if (isPlain && /^(?:false|False|FALSE)$/.test(text)) return false
  if (/^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return true
  if (/^(?:n|N|no|No|NO|off|Off|OFF)$/.test(text)) return false
  return undefined
})

/** Within bounds, both included. */
export function between(least: number, most: number) {
  return v.pipe(integer, v.minValue(least, `must be at least ${least}`), v.maxValue(most, `must be at most ${most}`))
}

export function atLeast(least: number) {
  return v.pipe(integer, v.minValue(least, `must be at least ${least}`))
}

/** One of some words, trimmed and in any case when `isLoose`. */
export function oneOf<const T extends string>(words: readonly T[], { isLoose = false } = {}) {
  const expected = `one of ${words.map((word) => `\`${word}\``).join(', ')}`
  return scalar(expected, ({ text }) => {
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
export const duration = scalar('a duration such as `7.5s` or `1m30s`', ({ text }) => {
  const [, sign = '', parts = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  if (parts === '' || parts.replace(durationPart, '') !== '') return undefined
  const found = [...parts.matchAll(durationPart)]
  const total = found.reduce(
    (sum, [, n, unit]) => sum + Number(n) * durationUnits[unit as keyof typeof durationUnits],
    0,
  )
  return sign === '-' ? -total : total
})
