import type { IncomingMessage } from 'node:http'
import { clientAddress } from './http/client-address.ts'
import type { HttpServer } from './http/listener.ts'
import { readTarget } from './http/target.ts'
import { protocolOf } from './http2/protocol.ts'
import type { Logs } from './logs/logs.ts'

/** Polled by monitors, or the many parts of one page: a line each time would bury the rest (server §20.9). */
const unlogged = ['/wol-health', '/api/performance', '/metrics', '/inspect/files/']

/**
 * One line for each finished request, streams included, in the form of server §20.9.
 * @param trustedProxies those of the configuration at the moment
 */
export function logAccess(http: HttpServer, logs: Logs, trustedProxies: () => readonly string[]): void {
  http.prependListener('request', (incoming, outgoing) => {
    const begun = performance.now()
    const { path } = readTarget(incoming.url ?? '/')
    if (unlogged.some((prefix) => path.startsWith(prefix))) return
    // Taken now: once the connection is gone the request has no socket any more.
    const client = clientAddress(incoming, trustedProxies())
    const request = `${incoming.method} ${path} ${protocolOf(incoming)}`
    outgoing.once('close', () => {
      const ms = Math.round(performance.now() - begun)
      const { statusCode, bodyBytes } = outgoing
      logs.info(`Request ${client} "${request}" ${statusCode} ${bodyBytes} "${agentOf(incoming)}" ${ms}ms`)
    })
  })
}

/** Header values may hold anything but line breaks; a quote would still break the field. */
function agentOf({ headers }: IncomingMessage): string {
  return (headers['user-agent'] ?? '').replaceAll('"', "'")
}
