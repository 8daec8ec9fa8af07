import type { IncomingMessage } from 'node:http'
import { bodyTooLarge } from '../errors.ts'

/**
 * The whole body, at most `limit` bytes. One that came in a piece is not copied, and one whose length was announced is copied
 * once, piece by piece, to where it stays.
 * @throws ApiError 413, after which the rest of the body is not read.
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.reject(bodyTooLarge(limit))

  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let whole: Buffer | undefined
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) {
      incoming.pause()
      reject(bodyTooLarge(limit))
    } else if (announced === 0 || chunk.length === announced) chunks.push(chunk)
    else {
      // Memory that nothing has been written to yet takes no place: what is announced and never comes costs nothing.
      whole ??= Buffer.allocUnsafeSlow(announced)
      chunk.copy(whole, size - chunk.length)
    }
  })
  incoming.once('end', () => resolve(whole ?? (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))))
  incoming.once('error', reject)
  incoming.once('close', () => {
    if (!incoming.complete) reject(new Error('the client left before its request was complete'))
  })
  return promise
}
