import { redirect } from '../http/exchange.ts'
import type { Route, Subject } from '../route.ts'

/** A path that leads elsewhere, for everyone. */
export function redirectRoute(
  path: string,
  status: 302 | 307,
  location: string,
  subject: Subject,
  summary: string,
): Route {
  return {
    method: 'GET',
    path,
    subject,
    access: 'open',
    summary,
    answer: { type: 'redirect', status, summary: `To \`${location}\`.` },
    handle: (_server, exchange) => redirect(exchange, status, location),
  }
}
