import type { Socket } from 'node:net'
import { upstreamFailed } from '../errors.ts'
import { isWebSocket } from '../http/upgrade.ts'
import { type Forwarded, settle } from './forward.ts'
import { requestHead } from './headers.ts'
import { Connection } from './http1/connection.ts'
import { ClosedError, ProtocolError } from './http1/errors.ts'
import { open } from './http1/open.ts'
import { Relay } from './relay.ts'
import type { Upstream } from './upstream.ts'

const endOfHead = '\r\n\r\n'
/** Room for the head of an answer. */
const mostBytes = 32 * 1024

/**
 * Joins a client that wants to speak WebSocket, or whatever else, with the upstream (server §14): once the upstream has
 * agreed, whatever either says goes to the other, until one of them ends. An upstream that does not agree answers as usual.
 * @throws ApiError 502 or 504 when no answer comes
 */
export async function tunnel(upstream: Upstream, request: Forwarded): Promise<void> {
  const { incoming, outgoing, path, withheld, departure } = request
  const head = requestHead(incoming, upstream.basePath + path, upstream, { type: 'none' }, withheld)
  const socket = open(upstream.origin, upstream.timeouts)
  departure.onAbort(() => socket.destroy())
  // Asked for among others it is asked for alone: not every server reads a list.
  const protocol = isWebSocket(incoming) ? 'websocket' : incoming.headers.upgrade
  socket.write(`${head.slice(0, -2)}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`, 'latin1')
  const said = await readHead(socket).catch((error: Error) => {
    socket.destroy()
    throw departure.reason ?? upstreamFailed(upstream, error)
  })
  socket.unshift(said)
  if (said.toString('latin1', 0, 13) === 'HTTP/1.1 101 ') return join(request, socket)

  const connection = new Connection(socket, 0, (rested) => rested.cut())
  const relay = new Relay(request, connection)
  connection.begin(relay, '')
  connection.sent()
  connection.resume()
  outgoing.shouldKeepAlive = false
  settle(await relay.outcome, upstream)
}

/** Everything up to the end of the head, and what came with it. */
function readHead(socket: Socket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let said = Buffer.alloc(0)
  const read = (bytes: Buffer) => {
    said = Buffer.concat([said, bytes])
    if (said.includes(endOfHead)) resolve(said)
    else if (said.length > mostBytes) reject(new ProtocolError('the head of the answer is too large'))
  }
  const fail = (error: Error) => reject(error)
  const close = () => reject(new ClosedError())
  socket.on('data', read).on('error', fail).on('close', close)
  return promise.finally(() => {
    socket.pause()
    socket.off('data', read).off('error', fail).off('close', close)
  })
}

function join({ outgoing, departure }: Forwarded, upstream: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const client = outgoing.socket
  if (!client) {
    upstream.destroy()
    return Promise.resolve()
  }
  outgoing.detachSocket(client)
  const end = () => {
    departure.onAbort(undefined)
    client.destroy()
    upstream.destroy()
    // It has no socket any more that could tell whoever waits for its end.
    outgoing.emit('close')
    resolve()
  }
  departure.onAbort(end)
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
  upstream.pipe(client)
  if (outgoing.upgrade) upstream.write(outgoing.upgrade)
  client.pipe(upstream)
  return promise
}
