/** Text that is not JSON. `offset` is in bytes from the start. */
export class JsonSyntaxError extends SyntaxError {
  override readonly name = 'JsonSyntaxError'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`)
    this.offset = offset
  }
}

export const quote = 0x22
export const backslash = 0x5c
export const comma = 0x2c
export const colon = 0x3a
export const openBrace = 0x7b
export const closeBrace = 0x7d
export const openBracket = 0x5b
export const closeBracket = 0x5d

export function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

/** Where a number or a word ends that begins here, or the bytes do. */
export function endOfLiteral(bytes: Buffer, start: number): number {
  let end = start
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!
    if (byte <= 0x20 || byte === comma || byte === closeBrace || byte === closeBracket || byte === colon) break
  }
  return end
}

/** Where a string ends that begins here. The text is valid: it does end. */
export function endOfString(bytes: Buffer, start: number): number {
  let end = start
  for (;;) {
    end = bytes.indexOf(quote, end + 1)
    let escapes = 0
    while (bytes[end - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return end + 1
  }
}
