import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Answer } from './answer.ts'
import type { HttpServer } from './listener.ts'

/**
 * Lets requests to speak WebSocket, or whatever else, instead of HTTP reach their routes like any other; `Answer.upgrade`
 * tells them apart. Some clients ask with every request whether HTTP/2 may be spoken (`h2c`): such a request is read again
 * without the question, and so is one with a body, which Node would not read.
 */
export function listenForUpgrades(http: HttpServer): void {
  http.on('upgrade', (incoming: IncomingMessage, socket: Socket, first: Buffer) => {
    if (hasBody(incoming) || (asksFor(incoming, 'h2c') && !isWebSocket(incoming))) {
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

export function isWebSocket(incoming: IncomingMessage): boolean {
  return asksFor(incoming, 'websocket')
}

function asksFor({ headers }: IncomingMessage, protocol: string): boolean {
  return headers.upgrade?.split(',').some((name) => name.trim().toLowerCase() === protocol) ?? false
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (/^(?:upgrade|http2-settings|connection)$/i.test(rawHeaders[i]!)) continue
    head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
  }
  return `${head}\r\n`
}
