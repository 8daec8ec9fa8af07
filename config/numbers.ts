/** No number that anybody means is longer, and to convert a longer one may take as long as one likes. */
const mostDigits = 1_000

/**
 * The number that a plain word is, as JSON writes it; null for what is no number (§3). Digits are kept as they are spelled,
 * so that 64-bit integers and `1.0` survive: decimal, `0x`, `0o`, `0b`, leading-zero octal, `_` between digits, floats.
 */
export function numberText(written: string): string | null {
  if (written.length > mostDigits) return null
  const [, sign = '', digits = ''] = /^([-+]?)(\.?[0-9].*)$/.exec(written) ?? []
  const bare = digits.replaceAll('_', '')
  const minus = sign === '-' ? '-' : ''
  const based = /^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare.toLowerCase()
  if (/^0(?:x[0-9a-f]+|o[0-7]+|b[01]+)$/.test(based)) return `${minus}${BigInt(based)}`

  const [, whole = '', fraction, exponent = ''] = /^(\d*)(?:\.(\d*))?(e[-+]?\d+)?$/.exec(based) ?? []
  if (whole === '' && !fraction) return null
  return `${minus}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction ? `.${fraction}` : ''}${exponent}`
}
