import type { IncomingMessage } from 'node:http'
import type { Departure } from '../departure.ts'
import { anything } from './scanner.ts'
import { Upload } from './upload.ts'

/** A body in memory: it can be sent as often as it takes. */
export interface Whole {
  readonly type: 'whole'
  /** As it came. */
  readonly pieces: readonly Buffer[]
}

/** A body that is still coming: it can be sent once. */
export interface Streamed {
  readonly type: 'streamed'
  readonly upload: Upload
}

/** What a request brings beside its head. */
export type Body = { readonly type: 'none' } | Whole | Streamed

export const noBody: Body = { type: 'none' }

export function whole(pieces: readonly Buffer[]): Whole {
  return { type: 'whole', pieces }
}

/** The body of a request that is passed on whatever it is, however long. */
export function unread(incoming: IncomingMessage, departure: Departure): Body {
  const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers
  if (coding === undefined && Number(length ?? 0) === 0) return noBody
  return { type: 'streamed', upload: new Upload(incoming, departure, anything, Number.POSITIVE_INFINITY) }
}

/** What came to its end while its request waited can be sent again like any other. */
export function settled(body: Body): Body {
  return body.type === 'streamed' && body.upload.isWhole ? whole(body.upload.pieces) : body
}
