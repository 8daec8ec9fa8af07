import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Answer } from './answer.ts'
import type { Listener } from './listener.ts'

/**
 * Lets requests to speak WebSocket instead of HTTP reach their routes like any other; `Answer.upgrade` tells them apart.
 * Some clients ask with every request whether HTTP/2 may be spoken (`h2c`): such a request is read again without the question,
 * because Node would not read its body.
 */
export function listenForUpgrades(http: Listener): void {
  http.on('upgrade', (incoming: IncomingMessage, socket: Socket, first: Buffer) => {
    if (!/^websocket$/i.test(incoming.headers.upgrade ?? '')) {
      socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(incoming), 'latin1'), first]))
      http.emit('connection', socket)
      return
    }
    const outgoing = new Answer(incoming)
    outgoing.upgrade = first
    outgoing.shouldKeepAlive = false
    outgoing.assignSocket(socket)
    socket.on('error', () => socket.destroy())
    outgoing.once('finish', () => socket.end())
    http.emit('request', incoming, outgoing)
  })
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (/^(?:upgrade|http2-settings|connection)$/i.test(rawHeaders[i]!)) continue
    head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
  }
  return `${head}\r\n`
}
