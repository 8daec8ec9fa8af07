import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections inside this process, each of which carries the exchange of one HTTP/2 stream. */
export const carried = new WeakSet<Duplex>()

/** The protocol that the client speaks, for the log. */
export function protocolOf({ socket, httpVersion }: IncomingMessage): string {
  return carried.has(socket) ? 'HTTP/2.0' : `HTTP/${httpVersion}`
}
