import { numberText } from './numbers.ts'
import type { Scalar } from './tree.ts'

/** Whether two words mean the same (§2.3): `100` and `1e2` do, `"warn"` and `warn` do, `100` and `"100"` do not. */
export function isSameValue(a: Scalar, b: Scalar): boolean {
  return meaning(a) === meaning(b)
}

function meaning({ text, isPlain, isNull }: Scalar): string {
  const number = isPlain ? numberText(text) : null
  if (number !== null) return `number ${/^-?\d+$/.test(number) ? number : Number(number)}`
  if (isPlain && /^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return `boolean ${text.toLowerCase()}`
  return isNull ? 'null' : `text ${text}`
}
