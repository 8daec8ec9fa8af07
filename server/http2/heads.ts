import type { OutgoingHttpHeaders } from 'node:http2'

/* Heads of HTTP/2 as heads of HTTP/1.1, and back (RFC 9113 §8). */

export interface RequestHead {
  readonly method: string
  readonly text: string
  /** The body comes in chunks, because nobody says how long it is. */
  readonly isChunked: boolean
}

/** @returns undefined for what would not be one request in HTTP/1.1 */
export function requestHeadOf(rawHeaders: readonly string[], hasNoBody: boolean): RequestHead | undefined {
  const pseudo = new Map<string, string>()
  const cookies: string[] = []
  let fields = ''
  let hasHost = false
  let hasLength = false
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i]!, rawHeaders[i + 1]!]
    if (/[\r\n\0]/.test(value)) return undefined
    if (name.startsWith(':')) pseudo.set(name, value)
    // A cookie may be told in pieces here, and there it may not (§8.2.3).
    else if (name === 'cookie') cookies.push(value)
    else if (!isOfConnection(name)) {
      hasHost ||= name === 'host'
      hasLength ||= name === 'content-length'
      fields += `${name}: ${value}\r\n`
    }
  }
  const [method, path, authority] = [pseudo.get(':method'), pseudo.get(':path'), pseudo.get(':authority')]
  if (method === undefined || path === undefined || /[ \t]/.test(method + path)) return undefined

  if (!hasHost) fields += `host: ${authority ?? ''}\r\n`
  if (cookies.length > 0) fields += `cookie: ${cookies.join('; ')}\r\n`
  const isChunked = !hasNoBody && !hasLength
  if (isChunked) fields += 'transfer-encoding: chunked\r\n'
  return { method, isChunked, text: `${method} ${path} HTTP/1.1\r\n${fields}\r\n` }
}

/** @param fields names and values in turn */
export function headersOf(fields: readonly string[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {}
  for (let i = 0; i < fields.length; i += 2) {
    const [name, value] = [fields[i]!.toLowerCase(), fields[i + 1]!]
    // `TE` is for requests, and Node throws at one that it finds elsewhere.
    if (isOfConnection(name) || name === 'te') continue
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined
    // Of all fields this one alone cannot be joined (RFC 9110 §5.3).
    if (name === 'set-cookie') headers[name] = [...(before ?? []), value]
    else headers[name] = before === undefined ? value : `${String(before)}, ${value}`
  }
  return headers
}

const ofConnection = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** What HTTP/2 says in its frames, and not in fields (RFC 9113 §8.2.2). */
function isOfConnection(name: string): boolean {
  return ofConnection.has(name)
}
