import fc from 'fast-check'

/** The bytes in pieces, cut wherever the numbers say. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

/** Where to cut, in ever other ways: also into nothing, and at each byte. */
export const places = fc.oneof(
  fc.array(fc.nat(), { maxLength: 6 }),
  fc.constant(Array.from({ length: 2_000 }, (_, at) => at)),
)
