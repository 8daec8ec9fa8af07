import * as v from 'valibot'
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

/** Unquoted, in decimal, `0x`, `0o` or leading-zero octal, `_` between digits; a float only without a fraction. */
export const integer = scalar('a whole number', (scalar) => (scalar.isPlain ? integerOf(scalar.text) : undefined))

export const boolean = scalar('true or false', ({ text, isPlain }) => {
  if (isPlain && /^(?:true|True|TRUE)$/.test(text)) return true
  if (isPlain && /^(?:false|False|FALSE)$/.test(text)) return false
  if (/^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return true
  if (/^(?:n|N|no|No|NO|off|Off|OFF)$/.test(text)) return false
  return undefined
})

/** One of some words, trimmed and in any case when `isLoose`. */
export function oneOf<const T extends string>(words: readonly T[], { isLoose = false } = {}) {
  const expected = `one of ${words.map((word) => `\`${word}\``).join(', ')}`
  return scalar(expected, ({ text }) => {
    const word = isLoose ? text.trim().toLowerCase() : text
    return words.find((other) => other === word)
  })
}

function integerOf(written: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)([0-9].*)$/.exec(written) ?? []
  const bare = digits.replaceAll('_', '')
  const octal = /^0[0-7]+$/.exec(bare) ? `0o${bare.slice(1)}` : bare
  if (!/^(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?)$/.test(octal)) return undefined
  const value = Number(octal)
  return Number.isSafeInteger(value) ? (sign === '-' ? -value : value) : undefined
}
