import {
  closeBrace,
  closeBracket,
  endOfLiteral,
  endOfString,
  openBrace,
  openBracket,
  quote,
  skipSpace,
} from './json.ts'
import type { Span } from './scanner.ts'

/*
 * Edits of JSON text that leave every other byte as it is: numbers keep their spelling, members their order and white
 * space, and a key that stands twice still does. The text must be valid: a `JsonScanner` has seen to that.
 */

/** From the outside in: members of objects by name, elements of lists by number (server §8.3). */
export type JsonPath = readonly (string | number)[]

/** The text with another text in place of some of it. */
export function splice(bytes: Buffer, { start, end }: Span, text: string | Buffer): Buffer {
  return Buffer.concat([
    bytes.subarray(0, start),
    typeof text === 'string' ? Buffer.from(text) : text,
    bytes.subarray(end),
  ])
}

/** Replaces the value at the path, or adds it behind the other members; objects that are missing on the way are made. */
export function setJson(bytes: Buffer, path: JsonPath, json: string): Buffer {
  let container = valueAt(bytes, skipSpace(bytes, 0))
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1)
    if (!holds(bytes, container, step)) return splice(bytes, container, wrapped(path.slice(depth), json))
    const found = isPlaceAfterLast(bytes, container, step) ? undefined : childAt(bytes, container, step)
    if (!found) return append(bytes, container, step, wrapped(rest, json))
    if (rest.length === 0) return splice(bytes, found.value, json)
    container = found.value
  }
  return bytes
}

/** Removes what stands at the path, if anything does. */
export function stripJson(bytes: Buffer, path: JsonPath): Buffer {
  let container = valueAt(bytes, skipSpace(bytes, 0))
  for (const [depth, step] of path.entries()) {
    const found = childAt(bytes, container, step)
    if (!found) return bytes
    if (depth === path.length - 1) return splice(bytes, found.withComma, '')
    container = found.value
  }
  return bytes
}

interface Child {
  /** Undefined in a list. */
  readonly key: string | undefined
  readonly value: Span
  /** With the key, and with the comma that goes when the child does. */
  readonly withComma: Span
}

/** Whether the value has room for such a child: what has none is replaced by what has. */
function holds(bytes: Buffer, { start }: Span, step: string | number): boolean {
  return bytes[start] === openBrace || (bytes[start] === openBracket && typeof step === 'number')
}

/** What is set at -1 of a list comes behind its last element. */
function isPlaceAfterLast(bytes: Buffer, { start }: Span, step: string | number): boolean {
  return step === -1 && bytes[start] === openBracket
}

/** The first child of that name, or the one at that place; -1 is the last. */
function childAt(bytes: Buffer, container: Span, step: string | number): Child | undefined {
  const isList = bytes[container.start] === openBracket
  if (!isList && bytes[container.start] !== openBrace) return undefined
  if (isList && typeof step !== 'number') return undefined
  const children = childrenOf(bytes, container)
  if (!isList) return children.find(({ key }) => key === String(step))
  return children.at(step as number)
}

function childrenOf(bytes: Buffer, { start }: Span): readonly Child[] {
  const isObject = bytes[start] === openBrace
  const closer = isObject ? closeBrace : closeBracket
  const children: Child[] = []
  let at = skipSpace(bytes, start + 1)
  let from = start + 1
  while (bytes[at] !== closer) {
    let key: string | undefined
    if (isObject) {
      const end = endOfString(bytes, at)
      key = String(JSON.parse(bytes.toString('utf8', at, end)))
      at = skipSpace(bytes, skipSpace(bytes, end) + 1)
    }
    const value = valueAt(bytes, at)
    at = skipSpace(bytes, value.end)
    const isLast = bytes[at] === closer
    // The comma behind the first child goes with it, and the one before any other.
    const withComma = children.length > 0 || isLast ? { start: from, end: value.end } : { start: from, end: at + 1 }
    children.push({ key, value, withComma })
    from = at
    if (!isLast) at = skipSpace(bytes, at + 1)
  }
  return children
}

/** The extent of the value that begins here. */
function valueAt(bytes: Buffer, start: number): Span {
  let depth = 0
  let at = start
  do {
    const byte = bytes[at]
    if (byte === quote) at = endOfString(bytes, at)
    else if (byte === openBrace || byte === openBracket) {
      depth++
      at++
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--
      at++
    } else if (depth === 0) at = endOfLiteral(bytes, at)
    else at++
  } while (depth > 0)
  return { start, end: at }
}

function append(bytes: Buffer, container: Span, step: string | number, json: string): Buffer {
  const isObject = bytes[container.start] === openBrace
  const children = childrenOf(bytes, container)
  const end = children.at(-1)?.value.end ?? container.start + 1
  const missing = isObject || typeof step !== 'number' ? 0 : Math.max(0, step - children.length)
  const member = isObject ? `${JSON.stringify(String(step))}:${json}` : `${'null,'.repeat(missing)}${json}`
  return splice(bytes, { start: end, end }, children.length > 0 ? `,${member}` : member)
}

/** The value, in the objects and lists that the path asks for. */
function wrapped(path: JsonPath, json: string): string {
  return path.reduceRight<string>(
    (inner, step) =>
      typeof step === 'number'
        ? `[${'null,'.repeat(Math.max(0, step))}${inner}]`
        : `{${JSON.stringify(step)}:${inner}}`,
    json,
  )
}
