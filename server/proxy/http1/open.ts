import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Timeouts } from '../../../config/timeouts.ts'
import { loadTls } from '../../../process/builtins.ts'
import { lookup } from '../../../process/loopback.ts'
import { TimeoutError } from './errors.ts'
import type { Origin, Place } from './origin.ts'
import { ProxyTunnel } from './proxy-tunnel.ts'

/**
 * Opens a connection: whatever speaks a protocol to an upstream begins here. What is written before it stands is sent when
 * it does. A timeout destroys it with a `TimeoutError`. With a proxy on the way, TLS goes through it to the upstream; what
 * is not encrypted is said to the proxy, with the whole address of the upstream in each request line (RFC 9112 §3.2.2).
 * @param onread gets what is read, instead of `data`; not of a connection by TLS, which has memory of its own
 */
export function open(origin: Origin, timeouts: Timeouts, onread?: OnReadOpts): Socket {
  const { isSecure, proxy } = origin
  if (!proxy) return reach(origin, timeouts, onread)
  if (!isSecure) return reach(proxy, timeouts, onread)
  const tunnel = new ProxyTunnel(reach(proxy, timeouts), origin, proxy)
  limit(tunnel, 'connect', timeouts.connectMs, `connecting through ${proxy.label}`)
  return secure(tunnel, origin, timeouts)
}

function reach(place: Place, timeouts: Timeouts, onread?: OnReadOpts): Socket {
  const keepAlive = timeouts.keepAliveMs > 0
  const socket = connect({
    host: place.hostname,
    port: place.port,
    lookup,
    noDelay: true,
    keepAlive,
    keepAliveInitialDelay: timeouts.keepAliveMs,
    ...(onread && !place.isSecure && { onread }),
  })
  limit(socket, 'connect', timeouts.connectMs, 'connecting')
  return place.isSecure ? secure(socket, place, timeouts) : socket
}

/** Speaks TLS on a connection that is being made, which says `connect` when it stands. */
function secure(socket: Duplex, { hostname }: Place, timeouts: Timeouts): Socket {
  const secured = loadTls().connect({
    socket,
    ...(isIP(hostname) === 0 && { servername: hostname }),
    ALPNProtocols: ['http/1.1'],
  })
  socket.once('connect', () => limit(secured, 'secureConnect', timeouts.tlsHandshakeMs, 'the TLS handshake'))
  socket.once('error', (error) => secured.destroy(error))
  return secured
}

/** Destroys the socket unless the event comes in time. */
function limit(socket: Duplex, event: 'connect' | 'secureConnect', ms: number, what: string): void {
  if (ms === 0) return
  const timer = setTimeout(() => socket.destroy(new TimeoutError(`${what} took longer than ${ms} ms`)), ms)
  socket.once(event, () => clearTimeout(timer))
  socket.once('close', () => clearTimeout(timer))
}
