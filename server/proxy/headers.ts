import type { IncomingMessage } from 'node:http'

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

/** Pairs of a raw header list, without those of one hop. Names and values pass as they were written. */
function* endToEnd(raw: readonly string[]): Generator<[name: string, key: string, value: string]> {
  let named: readonly string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.toLowerCase() === 'connection') named = [...named, ...raw[i + 1]!.toLowerCase().split(/\s*,\s*/)]
  }
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    const key = name.toLowerCase()
    if (!hopByHop.has(key) && !named.includes(key)) yield [name, key, raw[i + 1]!]
  }
}

/**
 * The client's headers for the upstream, as a raw list (server §9.2): the client's `Host` stays, its address is appended
 * to `X-Forwarded-For`. `length` replaces the length of a body that was read whole; null leaves the framing to the sender.
 * The headers `withheld`, in lower case, end here: they carry a key of hotseat's own (W3).
 */
export function requestHeaders(
  incoming: IncomingMessage,
  length: number | null,
  withheld: readonly string[],
): string[] {
  const headers: string[] = []
  const forwarded: string[] = []
  for (const [name, key, value] of endToEnd(incoming.rawHeaders)) {
    if (key === 'x-forwarded-for') forwarded.push(value)
    else if (withheld.includes(key)) continue
    else if (key === 'expect' || (key === 'content-length' && length !== null)) continue
    else headers.push(name, value)
  }
  headers.push('X-Forwarded-For', [...forwarded, incoming.socket.remoteAddress ?? 'unknown'].join(', '))
  if (length !== null && (length > 0 || incoming.method === 'POST')) headers.push('Content-Length', String(length))
  return headers
}

/** The upstream's headers for the client, as a raw list. Event streams are told not to be buffered on their way (§9.4). */
export function responseHeaders(raw: readonly string[]): { headers: string[]; isEventStream: boolean } {
  const headers: string[] = []
  let isEventStream = false
  for (const [name, key, value] of endToEnd(raw)) {
    if (key === 'content-type' && value.toLowerCase().includes('text/event-stream')) isEventStream = true
    headers.push(name, value)
  }
  if (!isEventStream) return { headers, isEventStream }
  const rest: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() !== 'x-accel-buffering') rest.push(headers[i]!, headers[i + 1]!)
  }
  return { headers: [...rest, 'X-Accel-Buffering', 'no'], isEventStream }
}
