import type { Scanner, Span } from './scanner.ts'

/** A body that is not the multipart form that its media type announces. */
export class MultipartSyntaxError extends SyntaxError {
  override readonly name = 'MultipartSyntaxError'
}

/** What comes next: `data` is a preamble, a field or a file, up to the next boundary. */
type Place = 'start' | 'data' | 'behind a boundary' | 'headers' | 'end'

/** Of one part. What a client writes there are a few names. */
const mostHeaderBytes = 16 * 1024

/**
 * Finds the values of some fields of a form (RFC 7578) by stepping from boundary to boundary: the bytes of files are passed
 * over by a native search and never copied. The first part of a name counts; a file is no field.
 */
export class MultipartScanner implements Scanner {
  readonly found = new Map<string, Span>()
  readonly #names: readonly string[]
  readonly #delimiter: Buffer
  #place: Place = 'start'
  /** What has come and cannot be understood without what follows, and where it stands in the body. */
  #rest: Buffer = Buffer.alloc(0)
  #restStart = 0
  /** Of the field that is being read. */
  #name: string | undefined
  #valueStart = 0

  /**
   * @param type the Content-Type, which names the boundary
   * @throws MultipartSyntaxError
   */
  constructor(type: string, names: readonly string[]) {
    this.#delimiter = Buffer.from(`\r\n--${boundaryOf(type)}`)
    this.#names = names
  }

  /** @throws MultipartSyntaxError */
  push(more: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, more]) : more
    let at = 0
    for (;;) {
      const place = this.#place
      const next = this.#step(bytes, at)
      if (next === at && place === this.#place) break
      at = next
    }
    this.#rest = bytes.subarray(at)
    this.#restStart += at
  }

  /** @throws MultipartSyntaxError */
  end(): void {
    if (this.#place !== 'end') throw new MultipartSyntaxError('it ends before its last boundary')
  }

  /** @returns up to where the bytes are understood */
  #step(bytes: Buffer, at: number): number {
    switch (this.#place) {
      case 'start':
        return this.#begin(bytes)
      case 'data':
        return this.#passData(bytes, at)
      case 'behind a boundary':
        return this.#readBoundary(bytes, at)
      case 'headers':
        return this.#readHeaders(bytes, at)
      case 'end':
        return bytes.length
    }
  }

  /** The first delimiter may lack its line break; what stands before it is a preamble for no one (RFC 2046 §5.1.1). */
  #begin(bytes: Buffer): number {
    const first = this.#delimiter.subarray(2)
    if (bytes.length < first.length) return 0
    const isAtStart = bytes.subarray(0, first.length).equals(first)
    this.#place = isAtStart ? 'behind a boundary' : 'data'
    return isAtStart ? first.length : 0
  }

  #passData(bytes: Buffer, at: number): number {
    const found = bytes.indexOf(this.#delimiter, at)
    if (found < 0) return this.#startOfCutDelimiter(bytes, at)
    if (this.#name !== undefined && this.#names.includes(this.#name) && !this.found.has(this.#name)) {
      // An empty value may share its line break with the end of its headers.
      const end = Math.max(this.#valueStart, this.#restStart + found)
      this.found.set(this.#name, { start: this.#valueStart, end })
    }
    this.#place = 'behind a boundary'
    return found + this.#delimiter.length
  }

  /** Where a delimiter begins whose end has not come yet; the end of the bytes when none does. */
  #startOfCutDelimiter(bytes: Buffer, from: number): number {
    let at = Math.max(from, bytes.length - this.#delimiter.length + 1)
    for (;;) {
      at = bytes.indexOf('\r', at)
      if (at < 0) return bytes.length
      if (this.#delimiter.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at
      at++
    }
  }

  /** The last one is followed by two dashes; what comes then is for no one either. */
  #readBoundary(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return at
    if (startsWith(bytes, at, '--')) {
      this.#place = 'end'
      return bytes.length
    }
    const line = this.#find(bytes, '\r\n', at)
    if (line < 0) return at
    if (bytes.toString('latin1', at, line).trim() !== '') {
      throw new MultipartSyntaxError('a boundary is not alone on its line')
    }
    this.#place = 'headers'
    return line + 2
  }

  #readHeaders(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return at
    // A part without headers begins with the empty line that would end them.
    const end = startsWith(bytes, at, '\r\n') ? at : this.#find(bytes, '\r\n\r\n', at) + 2
    if (end === 1) return at
    this.#name = fieldName(bytes.toString('utf8', at, end))
    this.#valueStart = this.#restStart + end + 2
    this.#place = 'data'
    return end
  }

  /** @returns -1 when it has not come yet */
  #find(bytes: Buffer, text: string, from: number): number {
    const found = bytes.indexOf(text, from)
    if ((found < 0 ? bytes.length : found) - from > mostHeaderBytes) {
      throw new MultipartSyntaxError('the headers of a part do not end')
    }
    return found
  }
}

function boundaryOf(type: string): string {
  const match = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(type)
  const boundary = match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
  if (!boundary) throw new MultipartSyntaxError('its Content-Type names no boundary')
  return boundary
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text
}

/** The name of a part that is a field; browsers write a quote in it as %22 (WHATWG), others escape it. */
function fieldName(headers: string): string | undefined {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(headers)?.[1]
  if (disposition === undefined || /;\s*filename\*?=/i.test(disposition)) return undefined
  const match = /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(disposition)
  return match?.[1]?.replace(/\\(.)/g, '$1').replaceAll('%22', '"') ?? match?.[2]
}
