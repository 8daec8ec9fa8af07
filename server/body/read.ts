import type { IncomingMessage } from 'node:http'
import { bodyTooLarge } from '../errors.ts'

/**
 * The whole body, at most `limit` bytes.
 * @throws ApiError 413, after which the rest of the body is not read.
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.reject(bodyTooLarge(limit))

  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) {
      incoming.pause()
      reject(bodyTooLarge(limit))
    } else chunks.push(chunk)
  })
  incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
  incoming.once('error', reject)
  incoming.once('close', () => reject(new Error('the client left before its request was complete')))
  return promise
}
