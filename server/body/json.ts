/** Text that is not JSON. `offset` is in bytes from the start. */
export class JsonSyntaxError extends SyntaxError {
  override readonly name = 'JsonSyntaxError'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`)
    this.offset = offset
  }
}

/** Where a value stands in the bytes: `[start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
export const openBrace = 0x7b
export const closeBrace = 0x7d
export const openBracket = 0x5b
export const closeBracket = 0x5d

/**
 * Finds the values of some keys of the outermost object without building anything: an 8 MB image in a string is stepped
 * over by a native search. The first occurrence of a key counts. The structure is checked to its end; what stands inside
 * strings is left to the upstream. Nesting costs a byte a level, never the stack.
 * @returns the spans of the keys that are there; none when the outermost value is not an object.
 * @throws JsonSyntaxError
 */
export function scanObject(bytes: Buffer, keys: readonly string[]): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>()
  const open: number[] = []
  let at = skipSpace(bytes, 0)
  let key: string | undefined
  let keyStart = 0

  for (;;) {
    // A value begins here.
    const start = at
    const byte = bytes[at]
    if (byte === openBrace || byte === openBracket) {
      if (open.length === 1) keyStart = start
      open.push(byte)
      at = skipSpace(bytes, at + 1)
      if (bytes[at] !== closerOf(byte)) {
        if (byte === openBrace) readKey()
        continue
      }
    } else {
      at = byte === quote ? endOfString(bytes, at) : endOfLiteral(bytes, at)
      if (open.length === 1) note(start)
      at = skipSpace(bytes, at)
    }

    // A value has ended: so may its containers.
    while (open.length > 0 && bytes[at] === closerOf(open.at(-1))) {
      open.pop()
      at++
      if (open.length === 1) note(keyStart)
      at = skipSpace(bytes, at)
    }
    if (open.length === 0) break
    if (bytes[at] !== comma) throw unexpected(bytes, at)
    at = skipSpace(bytes, at + 1)
    if (open.at(-1) === openBrace) readKey()
  }
  if (at < bytes.length) throw unexpected(bytes, at)
  return found

  function readKey(): void {
    if (bytes[at] !== quote) throw unexpected(bytes, at)
    const end = endOfString(bytes, at)
    // Only the outermost object's keys are looked for.
    if (open.length === 1) key = stringAt(bytes, at, end)
    at = skipSpace(bytes, end)
    if (bytes[at] !== colon) throw unexpected(bytes, at)
    at = skipSpace(bytes, at + 1)
  }

  function note(start: number): void {
    if (open[0] !== openBrace || key === undefined || !keys.includes(key) || found.has(key)) return
    found.set(key, { start, end: at })
  }
}

function closerOf(opener: number | undefined): number {
  return opener === openBrace ? closeBrace : closeBracket
}

export function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

export function endOfString(bytes: Buffer, start: number): number {
  let end = start
  for (;;) {
    end = bytes.indexOf(quote, end + 1)
    if (end < 0) throw new JsonSyntaxError('a string does not end', start)
    let escapes = 0
    while (bytes[end - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return end + 1
  }
}

const literal = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

export function endOfLiteral(bytes: Buffer, start: number): number {
  let end = start
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!
    if (byte <= 0x20 || byte === comma || byte === closeBrace || byte === closeBracket || byte === colon) break
  }
  if (!literal.test(bytes.toString('latin1', start, end))) throw unexpected(bytes, start)
  return end
}

function stringAt(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return String(JSON.parse(text))
  } catch {
    throw new JsonSyntaxError('a key has a bad escape', start)
  }
}

function unexpected(bytes: Buffer, at: number): JsonSyntaxError {
  if (at >= bytes.length) return new JsonSyntaxError('the text ends too early', at)
  return new JsonSyntaxError(`unexpected ${JSON.stringify(String.fromCharCode(bytes[at]!))}`, at)
}
