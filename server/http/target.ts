/** Path and query of a request, still percent-encoded. */
export interface Target {
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
}

/** Reads the target of a request line; one with scheme and host, as proxies send it, means its path (RFC 9112 §3.2.2). */
export function readTarget(url: string): Target {
  const from = url.startsWith('/') ? 0 : (/^https?:\/\/[^/?]*/i.exec(url)?.[0].length ?? 0)
  const mark = url.indexOf('?', from)
  const path = mark < 0 ? url.slice(from) : url.slice(from, mark)
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : url.slice(mark + 1) }
}

/** Without empty, `.` and `..` segments, encoded or not; a slash at the end stays (server §4.3). Most paths are clean already. */
export function clean(path: string): string {
  if (!/\/(?:\/|(?:\.|%2e){1,2}(?:\/|$))/i.test(path)) return path
  const segments: string[] = []
  const given = path.split('/').slice(1)
  for (const segment of given) {
    const name = segment.replace(/%2e/gi, '.')
    if (name === '..') segments.pop()
    else if (name !== '.' && name !== '') segments.push(segment)
  }
  const isFolder = /^(?:\.|%2e){0,2}$/i.test(given.at(-1) ?? '')
  return `/${segments.join('/')}${isFolder && segments.length > 0 ? '/' : ''}`
}

/** The path with those escapes decoded that do not change its structure; as it is when an escape is malformed. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/**
 * A path and a query as a `Location`. A backslash would make a browser take what follows for a host.
 */
export function locationOf(path: string, query: string): string {
  const location = path.replaceAll('\\', '%5C')
  return query === '' ? location : `${location}?${query}`
}

/** A path as text: every escape decoded, except of segments where one is malformed. */
export function decodeSegments(path: string): string {
  return path.split('/').map(decodeSegment).join('/')
}

export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
