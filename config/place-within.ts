import type { Place } from './problem.ts'
import type { Scalar } from './tree.ts'

/**
 * Where in the file a character of a scalar stands. YAML folds blanks and adds signs of its own, and leaves all others
 * in their order: they are found one after the other. Text that was made from other text stands where its scalar does.
 */
export function placeWithin({ text, source, place }: Scalar, at: number): Place {
  let index = contentOf(source)
  for (const char of text.slice(0, at).replaceAll(/\s/g, '')) {
    const found = source.indexOf(char, index)
    if (found < 0) return place
    index = found + char.length
  }
  if (at < text.length) index = Math.max(index, source.indexOf(text[at]!, index))

  const lines = source.slice(0, index).split('\n')
  const { length } = lines.at(-1)!
  if (lines.length === 1) return { ...place, column: place.column + length }
  return { ...place, line: place.line + lines.length - 1, column: length + 1 }
}

/** Where the text begins: after a quote, or on the line after the `|` or `>` of a block. */
function contentOf(source: string): number {
  switch (source[0]) {
    case '"':
    case "'":
      return 1
    case '|':
    case '>':
      return source.indexOf('\n') + 1
    default:
      return 0
  }
}
