import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import type { Timeouts } from '../../../config/timeouts.ts'
import { loadTls } from '../../../process/builtins.ts'
import { lookup } from '../../../process/loopback.ts'
import { TimeoutError } from './errors.ts'

/** Where an upstream listens. */
export interface Origin {
  readonly isSecure: boolean
  readonly hostname: string
  readonly port: number
}

/** @param url a `proxy` of the configuration */
export function originOf({ protocol, hostname, port }: URL): Origin {
  const isSecure = protocol === 'https:'
  // An IPv6 address stands in brackets in a URL only.
  return { isSecure, hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80) }
}

/**
 * Opens a connection: whatever speaks a protocol to an upstream begins here. What is written before it stands is sent when
 * it does. A timeout destroys it with a `TimeoutError`.
 * @param onread gets what is read, instead of `data`; not of a connection by TLS, which has memory of its own
 */
export function open({ isSecure, hostname, port }: Origin, timeouts: Timeouts, onread?: OnReadOpts): Socket {
  const keepAlive = timeouts.keepAliveMs > 0
  const socket = connect({
    host: hostname,
    port,
    lookup,
    noDelay: true,
    keepAlive,
    keepAliveInitialDelay: timeouts.keepAliveMs,
    ...(onread && !isSecure && { onread }),
  })
  if (!isSecure) {
    limit(socket, 'connect', timeouts.connectMs, 'connecting')
    return socket
  }
  limit(socket, 'connect', timeouts.connectMs, 'connecting')
  const secure = loadTls().connect({
    socket,
    ...(isIP(hostname) === 0 && { servername: hostname }),
    ALPNProtocols: ['http/1.1'],
  })
  socket.once('connect', () => limit(secure, 'secureConnect', timeouts.tlsHandshakeMs, 'the TLS handshake'))
  return secure
}

/** Destroys the socket unless the event comes in time. */
function limit(socket: Socket, event: 'connect' | 'secureConnect', ms: number, what: string): void {
  if (ms === 0) return
  const timer = setTimeout(() => socket.destroy(new TimeoutError(`${what} took longer than ${ms} ms`)), ms)
  socket.once(event, () => clearTimeout(timer))
  socket.once('close', () => clearTimeout(timer))
}
