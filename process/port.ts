import { connect, type Socket } from 'node:net'
import { lookup } from './loopback.ts'

/** A listener on this machine accepts at once; the bound is for one that is out of its backlog. */
const patienceMs = 250

/** Whether somebody accepts connections on the port, of this machine unless another is named. */
export function isListening(port: number, host = 'localhost', timeoutMs = patienceMs): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket: Socket = connect({ port, host, lookup, timeout: timeoutMs })
  socket.once('connect', () => resolve(true))
  // Somebody is there, and slow.
  socket.once('timeout', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
