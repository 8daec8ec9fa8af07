import type { Tracked } from './inflight.ts'

/** How a request under way is told (server §22.2). */
export interface Entry {
  readonly id: string
  readonly timestamp: string
  readonly model: string
  readonly req_path: string
  readonly method: string
  readonly req_headers: Readonly<Record<string, string>>
  readonly remote_ip: string
  readonly resp_headers: Readonly<Record<string, string>>
  readonly resp_bytes: number
  readonly elapsed_ms: number
  readonly metadata?: Readonly<Record<string, string>>
}

const secrets = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'])

/** The request as it stands at this moment. */
export function entryOf({ id, since, model, path, incoming, outgoing, remoteIp, metadata }: Tracked): Entry {
  return {
    id,
    timestamp: new Date(since).toISOString(),
    model,
    req_path: path,
    method: incoming.method ?? 'GET',
    req_headers: headersOf(pairs(incoming.rawHeaders)),
    remote_ip: remoteIp,
    resp_headers: headersOf(outgoing.sentHeaders()),
    resp_bytes: outgoing.bodyBytes,
    elapsed_ms: Date.now() - since,
    ...(metadata.size > 0 && { metadata: Object.fromEntries(metadata) }),
  }
}

/** Canonical names, the first value of each, and no secret. */
function headersOf(pairs: Iterable<readonly [name: string, value: string]>): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (const [written, value] of pairs) {
    const name = canonical(written)
    if (!headers.has(name)) headers.set(name, secrets.has(written.toLowerCase()) ? '[REDACTED]' : value)
  }
  return Object.fromEntries(headers)
}

function* pairs(raw: readonly string[]): Generator<[name: string, value: string]> {
  for (let i = 0; i < raw.length; i += 2) yield [raw[i]!, raw[i + 1]!]
}

/** `x-session-id` as `X-Session-Id`. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}
