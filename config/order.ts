/**
 * Ascending by code point, as the bytes of UTF-8 sort: unlike JavaScript's own order for what lies beyond U+FFFF. Runs in a
 * browser too, where traces are replayed.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a.codePointAt(at)! - b.codePointAt(at)!
  return a.length - b.length
}
