import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Logs } from './logs/logs.ts'

/** Polled by monitors: a line each time would bury the rest (server §20.9). */
const unlogged = ['/wol-health', '/api/performance', '/metrics']

/** One line for each finished request, streams included, in the form of server §20.9; its bytes are those on the wire. */
export function logAccess(http: HttpServer, logs: Logs): void {
  http.prependListener('request', (incoming, outgoing) => {
    const begun = performance.now()
    const path = incoming.url?.split('?', 1)[0] ?? ''
    if (unlogged.some((prefix) => path.startsWith(prefix))) return
    // Taken now: once the connection is gone the request has no socket any more.
    const { socket } = incoming
    const sentBefore = socket.bytesWritten
    const client = describe(incoming, path)
    outgoing.once('close', () => {
      const bytes = socket.bytesWritten - sentBefore
      const ms = Math.round(performance.now() - begun)
      logs.info(`Request ${client} ${outgoing.statusCode} ${bytes} "${agentOf(incoming)}" ${ms}ms`)
    })
  })
}

function describe({ socket, method, httpVersion }: IncomingMessage, path: string): string {
  return `${socket.remoteAddress ?? '-'} "${method} ${path} HTTP/${httpVersion}"`
}

/** Header values may hold anything but line breaks; a quote would still break the field. */
function agentOf({ headers }: IncomingMessage): string {
  return (headers['user-agent'] ?? '').replaceAll('"', "'")
}
