/** Ascending by code point, as the bytes of UTF-8 sort: unlike JavaScript's own order for what lies beyond U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
