import type { Sink } from '../body/upload.ts'
import { type Connection, mostCopied } from './http1/connection.ts'
import { free } from './http1/free.ts'

const lineEnd = Buffer.from('\r\n')

/** Sends a body on as it comes. Who ends it has seen that it is as long as its head says. */
export function sinkOf(connection: Connection, isChunked: boolean): Sink {
  return {
    write: (bytes) => (isChunked ? writeChunk(connection, bytes) : connection.write(bytes, () => free(bytes))),
    onDrain: (drained) => connection.onDrain(drained),
    end() {
      if (isChunked) connection.write('0\r\n\r\n')
      connection.sent()
    },
  }
}

function writeChunk(connection: Connection, bytes: Buffer): boolean {
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`)
  if (bytes.length <= mostCopied) return connection.write(Buffer.concat([size, bytes, lineEnd]))
  return connection.writeAll([size, bytes, lineEnd], () => free(bytes))
}
