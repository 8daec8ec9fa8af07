import type { IncomingMessage } from 'node:http'
import { ApiError } from '../errors.ts'
import { plainAddress } from '../http/client-address.ts'
import type { Head } from './http1/head.ts'
import type { Remote, Upstream } from './upstream.ts'

/** What concerns one connection and never crosses a proxy (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** How the body of a request goes to the upstream. */
export type RequestFraming =
  | { readonly type: 'none' }
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }

/** A line that ended early would begin a request that nobody sent. */
function refuseLineBreaks(text: string): void {
  if (/[\r\n\0]/.test(text)) throw new ApiError('bad_request', 'The path or a header holds a line break.')
}

/**
 * The head of a request to the upstream: the client's fields end to end (server §9.2). A model of our own gets the client's
 * `Host` and, appended to `X-Forwarded-For`, its address; a peer gets its own host, nothing of where the request came from, and
 * its own key if it has one (§10).
 * @param target path and query at the upstream
 * @param withheld fields, in lower case, that end here: they carry a key of hotseat's own (W3)
 * @throws ApiError 400
 */
export function requestHead(
  incoming: IncomingMessage,
  target: string,
  { host, remote, proxyAuthorization }: Pick<Upstream, 'host' | 'remote' | 'proxyAuthorization'>,
  framing: RequestFraming,
  withheld: readonly string[],
): string {
  const { rawHeaders } = incoming
  const named = namedByConnection(rawHeaders)
  refuseLineBreaks(target)
  let head = `${incoming.method ?? 'GET'} ${target} HTTP/1.1\r\n`
  let forwarded = ''
  let hasHost = false
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    const value = rawHeaders[i + 1]!
    const key = name.toLowerCase()
    if (hopByHop.has(key)) {
      // That trailers are understood may be said on: they are passed back.
      if (key === 'te' && /\btrailers\b/i.test(value)) head += 'TE: trailers\r\n'
      continue
    }
    if (key === 'content-length' || key === 'expect' || named?.includes(key)) continue
    if (withheld.includes(key) || (remote && endsBeforePeer(key, remote))) continue
    refuseLineBreaks(value)
    if (key === 'x-forwarded-for') {
      forwarded += `${value}, `
      continue
    }
    if (key === 'host') {
      // Two could be read in two ways (RFC 9112 §3.2).
      if (hasHost) throw new ApiError('bad_request', 'The request has more than one Host.')
      hasHost = true
    }
    head += `${name}: ${value}\r\n`
  }
  if (!hasHost) head += `Host: ${host}\r\n`
  if (!remote) head += `X-Forwarded-For: ${forwarded}${plainAddress(incoming.socket.remoteAddress ?? 'unknown')}\r\n`
  else if (remote.apiKey !== null) head += `Authorization: Bearer ${remote.apiKey}\r\nx-api-key: ${remote.apiKey}\r\n`
  if (proxyAuthorization !== null) head += `Proxy-Authorization: ${proxyAuthorization}\r\n`
  if (framing.type === 'length') head += `Content-Length: ${framing.length}\r\n`
  else if (framing.type === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
  return `${head}\r\n`
}

function endsBeforePeer(key: string, { apiKey }: Remote): boolean {
  if (key === 'host' || key === 'forwarded' || key.startsWith('x-forwarded-')) return true
  return apiKey !== null && (key === 'authorization' || key === 'x-api-key')
}

/**
 * The fields of an answer for the client, as a raw list. Event streams are told not to be buffered on their way (§9.4).
 */
export function responseFields({ fields }: Head): { fields: string[]; isEventStream: boolean } {
  const named = namedByConnection(fields)
  const passed: string[] = []
  let isEventStream = false
  for (let i = 0; i < fields.length; i += 2) {
    const key = fields[i]!.toLowerCase()
    if (hopByHop.has(key) || named?.includes(key)) continue
    if (key === 'content-type' && /text\/event-stream/i.test(fields[i + 1]!)) isEventStream = true
    passed.push(fields[i]!, fields[i + 1]!)
  }
  return { fields: isEventStream ? unbuffered(passed) : passed, isEventStream }
}

function unbuffered(fields: readonly string[]): string[] {
  const rest: string[] = []
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]!.toLowerCase() !== 'x-accel-buffering') rest.push(fields[i]!, fields[i + 1]!)
  }
  rest.push('X-Accel-Buffering', 'no')
  return rest
}

/** The fields that `Connection` declares to be of one hop; mostly none. */
function namedByConnection(fields: readonly string[]): readonly string[] | undefined {
  let named: string[] | undefined
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    if (name.length !== 'connection'.length || name.toLowerCase() !== 'connection') continue
    const value = fields[i + 1]!.toLowerCase()
    if (value !== 'keep-alive' && value !== 'close') named = [...(named ?? []), ...value.split(/[ \t]*,[ \t]*/)]
  }
  return named
}
