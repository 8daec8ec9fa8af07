import { numberText } from './numbers.ts'
import { byCodePoint } from './order.ts'
import { List, Mapping, type Path, type Tree } from './tree.ts'

/** A value as JSON text, which unlike a JavaScript value keeps 64-bit integers and `1.0` as they were written. */
export type JsonText = string

/**
 * What a tree is in JSON (§3): plain words are null, booleans and numbers where they read so, and dates are text. Keys are
 * sorted, as the reference writes them.
 * @param complain told of what JSON cannot say, by its path below the tree
 */
export function jsonOf(tree: Tree, complain: (path: Path, message: string) => void, path: Path = []): JsonText {
  if (tree instanceof List) {
    return `[${tree.items.map((item, index) => jsonOf(item, complain, [...path, index])).join(',')}]`
  }
  if (tree instanceof Mapping) {
    const sorted = [...tree.entries].sort(([a], [b]) => byCodePoint(a, b))
    return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value, complain, [...path, key])}`).join(',')}}`
  }
  const { text, isPlain, isNull } = tree
  if (isNull) return 'null'
  if (!isPlain) return JSON.stringify(text)
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase()
  const number = numberText(text)
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text) || (number && !Number.isFinite(Number(number)))) {
    complain(path, `\`${text}\` has no place in JSON, in which it is sent: write a finite number, or quote it as text`)
    return 'null'
  }
  return number ?? JSON.stringify(text)
}
