import type { IncomingMessage } from 'node:http'
import { ApiError } from '../errors.ts'

/**
 * Lets in who sits at this machine, or comes through a tunnel to it.
 * @throws ApiError 403
 */
export function demandNear({ socket, headers }: IncomingMessage): void {
  const isNear = isLoopback(socket.remoteAddress ?? '')
  // A page may have made its own name point to this machine, and a proxy speaks for others: neither calls it by its name.
  const isMeant = isLoopback(nameIn(headers.host)) && !headers.forwarded && !headers['x-forwarded-for']
  if (isNear && isMeant) return
  throw new ApiError(
    'forbidden',
    'The inspector shows everything that happens, so without `apiKeys` it is open to this machine only: come through `ssh -L`, and ask for http://localhost:PORT/inspect.',
  )
}

/**
 * Keeps pages of other sites out, whatever they may read elsewhere.
 * @throws ApiError 403
 */
export function demandOwnPage({ headers }: IncomingMessage): void {
  const { host, origin } = headers
  const site = headers['sec-fetch-site']
  const isOwn = origin === undefined || hostOf(origin) === host
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return
  throw new ApiError('forbidden', 'Only the page of the inspector itself, at /inspect, may watch.')
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i.test(host)
}

/** `Host` without port and brackets. */
function nameIn(host = ''): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
