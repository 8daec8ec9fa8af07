import type { IncomingMessage } from 'node:http'
import { clientLeft } from '../departure.ts'
import { bodyTooLarge } from '../errors.ts'
import { joined, Pieces } from './pieces.ts'

/**
 * The whole body, at most `limit` bytes, in the pieces in which it came: nothing of it is copied.
 * @throws ApiError 413, after which the rest of the body is not read.
 */
export function readPieces(incoming: IncomingMessage, limit: number): Promise<readonly Buffer[]> {
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return Promise.reject(bodyTooLarge(limit))

  const { promise, resolve, reject } = Promise.withResolvers<readonly Buffer[]>()
  const pieces = new Pieces()
  let size = 0
  incoming.on('data', (bytes: Buffer) => {
    size += bytes.length
    if (size > limit) {
      incoming.pause()
      reject(bodyTooLarge(limit))
    } else pieces.add(bytes)
  })
  incoming.once('end', () => resolve(pieces.list))
  incoming.once('error', reject)
  incoming.once('close', () => {
    if (!incoming.complete) reject(clientLeft)
  })
  return promise
}

/** The same in one piece. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return joined(await readPieces(incoming, limit))
}
