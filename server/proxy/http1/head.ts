import { ProtocolError } from './errors.ts'

/** Status line and fields of an answer. */
export interface Head {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, as they were written, in Latin-1. */
  readonly fields: readonly string[]
  readonly framing: Framing
  /** Whether the connection may carry another request after this answer. */
  readonly keepsAlive: boolean
}

/** Where the body ends (RFC 9112 §6.3). */
export type Framing =
  | { readonly type: 'none' }
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }
  /** With the connection. */
  | { readonly type: 'close' }

const statusLine = /HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n/y
const fieldLine = /([!#$%&'*+\-.^_`|~\dA-Za-z]+):([\t\x20-\x7e\x80-\xff]*)\r\n/y

/**
 * Reads a head, which ends with its empty line. There is one way to read each byte, or none: whoever sits behind a proxy
 * that guesses can be told another answer than the proxy saw.
 * @throws ProtocolError
 */
export function parseHead(text: string, method: string): Head {
  statusLine.lastIndex = 0
  const match = statusLine.exec(text)
  if (!match) throw new ProtocolError('the status line is malformed')
  const [line, minor, code, reason = ''] = match
  const status = Number(code)
  const fields = parseFields(text, line.length)
  return { status, reason, fields, ...framingOf(method, status, fields, minor === '1') }
}

/**
 * Reads fields up to the empty line that ends the text: no folding, no bare CR or LF, no space before the colon.
 * @throws ProtocolError
 */
export function parseFields(text: string, from: number): string[] {
  const fields: string[] = []
  let at = from
  while (at < text.length - 2) {
    fieldLine.lastIndex = at
    const match = fieldLine.exec(text)
    if (!match) throw new ProtocolError('a header field is malformed')
    fields.push(match[1]!, trimmed(match[2]!))
    at = fieldLine.lastIndex
  }
  return fields
}

/**
 * A head that ends with LF LF would be waited for until its end comes, which it never does.
 * @throws ProtocolError
 */
export function refuseBareLineFeeds(text: string): void {
  if (/(?:^|[^\r])\n/.test(text)) throw new ProtocolError('a line ends with LF alone')
}

/** Without spaces and tabs around it; `trim` would also take bytes that belong to the value. */
function trimmed(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function framingOf(
  method: string,
  status: number,
  fields: readonly string[],
  isHttp11: boolean,
): Pick<Head, 'framing' | 'keepsAlive'> {
  let length: number | undefined
  let isChunked = false
  let closes = !isHttp11
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1]!
    switch (fields[i]!.toLowerCase()) {
      case 'content-length':
        if (length !== undefined) throw new ProtocolError('there are two Content-Length')
        length = lengthOf(value)
        break
      case 'transfer-encoding':
        if (isChunked || !isHttp11 || value.toLowerCase() !== 'chunked') {
          throw new ProtocolError(`Transfer-Encoding is ${value}, and only one "chunked" is understood`)
        }
        isChunked = true
        break
      case 'connection':
        if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)) closes = true
    }
  }
  if (isChunked && length !== undefined) throw new ProtocolError('there are both Content-Length and Transfer-Encoding')
  const keepsAlive = !closes
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return { framing: { type: 'none' }, keepsAlive }
  }
  if (isChunked) return { framing: { type: 'chunked' }, keepsAlive }
  if (length !== undefined) return { framing: { type: 'length', length }, keepsAlive }
  return { framing: { type: 'close' }, keepsAlive: false }
}

function lengthOf(value: string): number {
  const length = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(length)) throw new ProtocolError(`Content-Length is ${value}`)
  return length
}
