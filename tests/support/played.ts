import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A connection to a model that is played by the test. */
export interface Part {
  readonly socket: Socket
  /** Everything that it was sent, as it came. */
  received(): Buffer
}

/** A model that is played by the test, byte by byte. Nothing is answered unless the test does, but for its health. */
export interface Played extends AsyncDisposable {
  readonly port: number
  isLoaded: boolean
  /** The connections that were used so far, in the order in which they came. */
  readonly parts: Part[]
  /** What is done with each that comes. */
  onConnection: (part: Part) => void
}

export async function playModel(): Promise<Played> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const pieces: Buffer[] = []
    const part = { socket, received: () => Buffer.concat(pieces) }
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      if (bytes.toString('latin1').startsWith('GET /health')) {
        socket.end(`HTTP/1.1 ${played.isLoaded ? 200 : 503} \r\nContent-Length: 0\r\n\r\n`)
        return
      }
      pieces.push(bytes)
      socket.on('data', (more) => pieces.push(more))
      played.parts.push(part)
      played.onConnection(part)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const played: Played = {
    port: (server.address() as AddressInfo).port,
    isLoaded: true,
    parts: [],
    onConnection: () => {},
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return played
}
