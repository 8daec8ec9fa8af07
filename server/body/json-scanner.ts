import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  endOfLiteral,
  JsonSyntaxError,
  openBrace,
  openBracket,
  quote,
  skipSpace,
} from './json.ts'
import { Nesting } from './nesting.ts'
import type { Scanner, Span } from './scanner.ts'

/** What may come next, white space aside; the last three are within a word that was cut. */
type Place =
  | 'value'
  | 'first value'
  | 'key'
  | 'first key'
  | 'colon'
  | 'next'
  | 'end'
  | 'in a string'
  | 'in a key'
  | 'in a literal'

const literal = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

/** Nobody computes with longer numbers, and no key that is looked for is longer: so much is kept of a word that is cut. */
const longestWord = 4 * 1024

/** So many bytes of a string are stepped through before a native search is worth its call. */
const nearBytes = 64

/**
 * Finds the values of some keys of the outermost object without building anything: an 8 MB image in a string is stepped
 * over by a native search. The first occurrence of a key counts. The structure is checked to its end; what stands inside
 * strings is left to the upstream. Nothing is found when the outermost value is not an object.
 */
export class JsonScanner implements Scanner {
  readonly found = new Map<string, Span>()
  readonly #keys: readonly string[]
  readonly #open = new Nesting()
  #place: Place = 'value'
  /** How many bytes came before those that are being read. */
  #before = 0
  /** Where the word begins that is being read, and where the value of the outermost object does. */
  #wordStart = 0
  #valueStart = 0
  /** What has come of a word that was cut; undefined of one that is too long to be looked at. */
  #partial: string | undefined = ''
  /** The cut was behind a backslash that is not itself escaped. */
  #isEscaped = false
  /** Of the outermost object. */
  #key: string | undefined

  constructor(keys: readonly string[]) {
    this.#keys = keys
  }

  /** @throws JsonSyntaxError */
  push(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) at = this.#step(bytes, at)
    this.#before += bytes.length
  }

  /** @throws JsonSyntaxError */
  end(): void {
    // Nothing at all names nothing: that is said better than that it is not JSON.
    if (this.#before === 0) return
    if (this.#place === 'in a literal') this.#endLiteral(this.#partial!, this.#before)
    if (this.#place === 'in a string' || this.#place === 'in a key') {
      throw new JsonSyntaxError('a string does not end', this.#wordStart)
    }
    if (this.#place !== 'end') throw new JsonSyntaxError('the text ends too early', this.#before)
  }

  #step(bytes: Buffer, from: number): number {
    switch (this.#place) {
      case 'in a string':
      case 'in a key':
        return this.#readString(bytes, from)
      case 'in a literal':
        return this.#readLiteral(bytes, from)
      default: {
        const at = skipSpace(bytes, from)
        return at < bytes.length ? this.#readSign(bytes, at) : at
      }
    }
  }

  #readSign(bytes: Buffer, at: number): number {
    const byte = bytes[at]!
    switch (this.#place) {
      case 'first value':
        return byte === closeBracket ? this.#close(at) : this.#beginValue(bytes, at, byte)
      case 'value':
        return this.#beginValue(bytes, at, byte)
      case 'first key':
        return byte === closeBrace ? this.#close(at) : this.#beginKey(bytes, at, byte)
      case 'key':
        return this.#beginKey(bytes, at, byte)
      case 'colon':
        if (byte !== colon) throw this.#unexpected(byte, at)
        this.#place = 'value'
        return at + 1
      case 'next':
        if (byte === (this.#open.isObject ? closeBrace : closeBracket)) return this.#close(at)
        if (byte !== comma) throw this.#unexpected(byte, at)
        this.#place = this.#open.isObject ? 'key' : 'value'
        return at + 1
      default:
        throw this.#unexpected(byte, at)
    }
  }

  #beginValue(bytes: Buffer, at: number, byte: number): number {
    if (this.#open.depth === 1) this.#valueStart = this.#before + at
    if (byte === openBrace || byte === openBracket) {
      this.#open.enter(byte === openBrace)
      this.#place = byte === openBrace ? 'first key' : 'first value'
      return at + 1
    }
    this.#wordStart = this.#before + at
    this.#partial = ''
    if (byte !== quote) return this.#readLiteral(bytes, at)
    this.#place = 'in a string'
    return this.#readString(bytes, at + 1)
  }

  #beginKey(bytes: Buffer, at: number, byte: number): number {
    if (byte !== quote) throw this.#unexpected(byte, at)
    this.#wordStart = this.#before + at
    this.#partial = '"'
    this.#place = 'in a key'
    return this.#readString(bytes, at + 1)
  }

  /** From within a string, to behind its end or to the cut. */
  #readString(bytes: Buffer, from: number): number {
    const found = this.#findQuote(bytes, from)
    const end = found < 0 ? bytes.length : found + 1
    const isKey = this.#place === 'in a key'
    // Only the outermost object's keys are looked for.
    if (isKey && this.#open.depth === 1) this.#keep(bytes, from, end)
    if (found < 0) return end
    if (isKey) this.#endKey()
    else this.#endValue(this.#before + end)
    return end
  }

  /** The quote that ends the string, or -1. What is near is looked at here, what is far is left to a native search. */
  #findQuote(bytes: Buffer, from: number): number {
    let at = this.#isEscaped ? from + 1 : from
    this.#isEscaped = false
    for (;;) {
      const near = Math.min(at + nearBytes, bytes.length)
      while (at < near && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
      if (at < near) return at
      const found = bytes.indexOf(quote, at)
      if (found >= 0 && !isOddRun(bytes, at, found)) return found
      if (found < 0) {
        this.#isEscaped = at > bytes.length || isOddRun(bytes, at, bytes.length)
        return -1
      }
      at = found + 1
    }
  }

  #readLiteral(bytes: Buffer, from: number): number {
    const end = endOfLiteral(bytes, from)
    this.#keep(bytes, from, end)
    if (this.#partial === '') throw this.#unexpected(bytes[from]!, from)
    if (this.#partial === undefined) throw new JsonSyntaxError('a literal is too long', this.#wordStart)
    if (end === bytes.length) this.#place = 'in a literal'
    else this.#endLiteral(this.#partial, this.#before + end)
    return end
  }

  /** Keeps more of a word. In Latin-1: a character may be cut. */
  #keep(bytes: Buffer, from: number, to: number): void {
    if (this.#partial === undefined) return
    const isLong = this.#partial.length + to - from > longestWord
    this.#partial = isLong ? undefined : this.#partial + bytes.toString('latin1', from, to)
  }

  #endLiteral(text: string, end: number): void {
    if (!literal.test(text)) throw this.#unexpected(text.charCodeAt(0), this.#wordStart - this.#before)
    this.#endValue(end)
  }

  #endKey(): void {
    this.#place = 'colon'
    if (this.#open.depth === 1) this.#key = this.#partial && keyOf(this.#partial, this.#wordStart)
  }

  /** @param end in the whole body, as everything that is noted */
  #endValue(end: number): void {
    const { depth, isObject } = this.#open
    this.#place = depth === 0 ? 'end' : 'next'
    if (depth !== 1 || !isObject) return
    const key = this.#key
    if (key === undefined || !this.#keys.includes(key) || this.found.has(key)) return
    this.found.set(key, { start: this.#valueStart, end })
  }

  #close(at: number): number {
    this.#open.leave()
    this.#endValue(this.#before + at + 1)
    return at + 1
  }

  #unexpected(byte: number, at: number): JsonSyntaxError {
    return new JsonSyntaxError(`unexpected ${JSON.stringify(String.fromCharCode(byte))}`, this.#before + at)
  }
}

/** Whether an odd number of backslashes stands before `end`, not counting what stands before `start`. */
function isOddRun(bytes: Buffer, start: number, end: number): boolean {
  let first = end
  while (first > start && bytes[first - 1] === backslash) first--
  return (end - first) % 2 === 1
}

/** @param word with its quotes, each byte a character: what is looked for is ASCII */
function keyOf(word: string, start: number): string {
  if (!word.includes('\\')) return word.slice(1, -1)
  try {
    return String(JSON.parse(word))
  } catch {
    throw new JsonSyntaxError('a key has a bad escape', start)
  }
}
