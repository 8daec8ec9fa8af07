import type { ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Connection } from '../proxy/http1/connection.ts'
import { StreamAnswer } from './answer.ts'
import { resetCodes } from './codes.ts'
import { requestHeadOf } from './heads.ts'
import { carried } from './protocol.ts'
import { WireEnd } from './wire.ts'

/**
 * Carries the exchange of one HTTP/2 stream as one of HTTP/1.1, over a connection that never leaves this process: so there
 * is one way to answer a request, whatever its client speaks. A stream that its client gives up ends that connection, and
 * an answer that breaks off resets the stream (W13).
 * @param accept serves the other end of the connection
 */
export function carry(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  { remoteAddress }: TLSSocket,
  accept: (connection: Duplex) => void,
): void {
  stream.on('error', () => {})
  const head = requestHeadOf(rawHeaders, stream.endAfterHeaders)
  if (!head) {
    stream.close(resetCodes.protocolError)
    return
  }

  const [near, far] = WireEnd.pair()
  carried.add(far)
  accept(Object.assign(far, { remoteAddress, encrypted: true }))
  const connection = new Connection(near, 0, (rested) => rested.cut())
  stream.once('close', () => connection.destroy())
  connection.begin(new StreamAnswer(head.method, stream, connection), head.text)
  sendBody(stream, connection, head.isChunked)
}

/** Sends the body of the request on as it comes. Nghttp2 has seen to it that it is as long as it says. */
function sendBody(stream: ServerHttp2Stream, connection: Connection, isChunked: boolean): void {
  stream.on('data', (bytes: Buffer) => {
    if (connection.write(isChunked ? inChunk(bytes) : bytes)) return
    stream.pause()
    connection.onDrain(() => stream.resume())
  })
  stream.once('end', () => {
    if (isChunked) connection.write('0\r\n\r\n')
    connection.sent()
  })
}

function inChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}
