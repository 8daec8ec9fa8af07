import type { IncomingMessage } from 'node:http'
import { type Streamed, type Whole, whole } from './body/body.ts'
import { type Medium, mediumOf, scannerFor } from './body/medium.ts'
import { namingIn } from './body/naming.ts'
import { readPieces } from './body/read.ts'
import { Upload } from './body/upload.ts'
import { bodyTooLarge } from './errors.ts'
import type { Exchange } from './http/exchange.ts'
import { canStream, type Inference, infer, inferContent, isTold, meant } from './inference.ts'
import type { Server } from './server.ts'

/**
 * Up to here a body is read to its end before anything else happens: then it can be sent again, its faults are found before a
 * model hears of it, and the millisecond or two in which it comes is no loss.
 */
const mostAwaited = 256 * 1024

/** Whether more may come than is waited for. */
export function mayBeLarge({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > mostAwaited
}

/**
 * Passes a request on while its body is still coming, if that is large and nothing of it must be changed that has not come.
 * @throws ApiError as long as nothing of an answer was passed on
 */
export async function inferUpload(
  server: Server,
  exchange: Exchange,
  place: Pick<Inference, 'path' | 'upstreamPath'>,
): Promise<void> {
  const { incoming, query, departure } = exchange
  const { 'content-type': type, 'content-length': announced = '0' } = incoming.headers
  const limit = server.config.bodyLimitBytes
  const medium = mediumOf(type, undefined)
  if (type === undefined || medium === 'form') {
    // Had it begun with a brace, it would be JSON: that is seen when it is there.
    const body = whole(await readPieces(incoming, limit))
    return inferContent(server, exchange, { ...place, content: { body, type, query } })
  }
  if (Number(announced) > limit) throw bodyTooLarge(limit)

  using upload = new Upload(incoming, departure, scannerFor(medium, type), limit)
  const naming = () => namingIn(medium, upload.pieces, upload.found, query)
  const isLarge = () => Math.max(upload.received, Number(announced)) > mostAwaited
  await upload.until(() => isLarge() && isNamed(medium, upload, query))
  const destinations = meant(server, exchange, place.path, naming())
  if (!canStream(destinations, naming())) await upload.until(never)
  else if (isTold(destinations, place.upstreamPath)) await upload.until(() => upload.found.has('stream'))

  const body: Whole | Streamed = upload.isWhole ? whole(upload.pieces) : { type: 'streamed', upload }
  await infer(server, exchange, { ...place, content: { body, type, query } }, naming(), destinations)
}

/** All of it is enough. */
const never = () => false

function isNamed(medium: Medium, { found }: Upload, query: string): boolean {
  switch (medium) {
    case 'json':
      return found.has('model')
    case 'multipart':
      return found.has('model') || new URLSearchParams(query).has('model')
    case 'form':
    case 'query':
      return true
  }
}
