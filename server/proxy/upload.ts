import type { IncomingMessage } from 'node:http'
import type { Connection } from './http1/connection.ts'

const lineEnd = Buffer.from('\r\n')

/**
 * Sends a request's body on as it comes, held back while the upstream is slow. Node has checked that it is as long as it
 * says; a client that leaves in the middle is noticed by whoever waits for the answer.
 * @returns ends the sending, because the answer is complete or will not come. What is left of the body is thrown away, so
 * that the client's connection can be used again.
 */
export function sendBody(incoming: IncomingMessage, connection: Connection, isChunked: boolean): () => void {
  const send = (bytes: Buffer) => {
    const takesMore = isChunked ? connection.write(inChunk(bytes)) : connection.write(bytes)
    if (takesMore) return
    incoming.pause()
    connection.onDrain(() => incoming.resume())
  }
  const finish = () => {
    if (isChunked) connection.write('0\r\n\r\n')
    connection.sent()
  }
  incoming.on('data', send)
  incoming.once('end', finish)
  return () => {
    incoming.off('data', send)
    incoming.off('end', finish)
    incoming.resume()
  }
}

function inChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd])
}
