import type { IncomingHttpHeaders } from 'node:http'

/** A secret that a request carries, and where. */
export interface Credential {
  readonly header: 'authorization' | 'x-api-key'
  readonly secret: string
}

/**
 * What a request carries in the places where a key may stand; the first is the one that counts (server §5.2). A wrong one is
 * not made good by a second.
 */
export function credentialsIn(headers: IncomingHttpHeaders): readonly Credential[] {
  const credentials: Credential[] = []
  const authorization = secretIn(headers.authorization ?? '')
  if (authorization) credentials.push({ header: 'authorization', secret: authorization })
  const key = headers['x-api-key']
  if (typeof key === 'string' && key !== '') credentials.push({ header: 'x-api-key', secret: key })
  return credentials
}

function secretIn(authorization: string): string | undefined {
  const space = authorization.indexOf(' ')
  if (space < 0) return undefined
  const rest = authorization.slice(space + 1)
  switch (authorization.slice(0, space).toLowerCase()) {
    case 'bearer':
      return rest
    case 'basic':
      return passwordIn(rest)
    default:
      return undefined
  }
}

/** The user's name is ignored: browsers ask for one. What is not base64 of `user:password` counts as nothing. */
function passwordIn(base64: string): string | undefined {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined
  const pair = Buffer.from(base64, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}
