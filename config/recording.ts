import type * as v from 'valibot'
import { field, required, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { atLeast, boolean, notBlank } from './scalars.ts'

/** Where the events of the actor system are recorded, to be looked at and replayed. */
export interface Recording {
  readonly path: string
  /** A file that has grown beyond this is put aside, and the next one begins. */
  readonly maxBytes: number
  readonly isGzipped: boolean
}

export const recordSchema = struct({
  path: required(field(notBlank, '', 'File to record to, relative to the working directory.')),
  maxSize: field(atLeast(1), '64', 'MiB after which a file is put aside and the next one begins: days of events.'),
  gzip: field(boolean, 'true', 'Compressed, to about a tenth.'),
})

export function normaliseRecording(
  fields: v.InferOutput<typeof recordSchema> | undefined,
  problems: Problems,
): Recording | null {
  if (!fields) return null
  const path = fields.path.trim()
  if (path === '') problems.error(['record', 'path'], 'is missing: write the file to record to')
  return { path, maxBytes: fields.maxSize * 2 ** 20, isGzipped: fields.gzip }
}
