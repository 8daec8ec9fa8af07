import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'

/**
 * The answer to any OPTIONS request, on any path (server §4.4): it never reaches a handler or a model, and needs no key,
 * because browsers send none with it.
 */
export function answerPreflight({ headers }: IncomingMessage, outgoing: Answer, origins: readonly string[]): void {
  const { origin } = headers
  const wanted = headers['access-control-request-headers']
  if (origins.includes('*')) outgoing.setHeader('Access-Control-Allow-Origin', '*')
  else {
    outgoing.setHeader('Vary', 'Origin')
    if (origin && origins.includes(origin)) outgoing.setHeader('Access-Control-Allow-Origin', origin)
  }
  outgoing.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': wanted ? tokens(wanted) : 'Content-Type, Authorization, Accept, X-Requested-With',
    'Access-Control-Max-Age': '86400',
  })
  outgoing.end()
}

/**
 * Lets the page that asks read the answer and its headers, whatever becomes of it (W2). What a model says of it itself
 * replaces this. A client that is no page gets none of it.
 */
export function allowReading({ headers }: IncomingMessage, outgoing: Answer, origins: readonly string[]): void {
  const { origin } = headers
  if (!origin) return
  outgoing.setHeader('Vary', 'Origin')
  if (!origins.includes('*') && !origins.includes(origin)) return
  outgoing.setHeader('Access-Control-Allow-Origin', origin)
  outgoing.setHeader('Access-Control-Expose-Headers', '*')
}

/**
 * Whether a page of another site made a browser send this. That every page may read answers does not mean that any may
 * change things: only one whose origin is listed (W24).
 */
export function isForeign({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && !origins.includes(headers.origin ?? '')
}

/** The names that are tokens (RFC 9110 §5.6.2); the others are dropped. */
function tokens(list: string): string {
  const names = list.split(',').map((name) => name.trim())
  return names.filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name)).join(', ')
}
