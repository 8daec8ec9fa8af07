import { connect } from 'node:net'

/** A listener on this machine accepts at once; the bound is for one that is out of its backlog. */
const patienceMs = 250

/** Whether somebody accepts connections on the port of this machine. */
export function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ port, host: 'localhost', timeout: patienceMs })
  socket.once('connect', () => resolve(true))
  socket.once('timeout', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
