import type * as v from 'valibot'
import { field, list, struct } from './fields.ts'
import { atLeast, boolean, oneOf } from './scalars.ts'

export type Modality = 'text' | 'audio' | 'image'

/** What a model takes and gives, for clients that choose by it (§7.4). */
export interface Capabilities {
  readonly in: readonly Modality[]
  readonly out: readonly Modality[]
  /** It calls functions. */
  readonly tools: boolean
  readonly reranker: boolean
  /** The size of its context; 0 is not said. */
  readonly contextTokens: number
}

const modality = oneOf(['text', 'audio', 'image'])

export const capabilitiesSchema = struct({
  in: list(modality, 'What it takes.'),
  out: list(modality, 'What it gives.'),
  tools: field(boolean, 'false', 'It calls functions.'),
  reranker: field(boolean, 'false', 'It ranks documents.'),
  context: field(atLeast(0), '0', 'Tokens in its context; 0 is not said.'),
})

/** Null when nothing is said. */
export function normaliseCapabilities({
  context,
  ...fields
}: v.InferOutput<typeof capabilitiesSchema>): Capabilities | null {
  const isSilent = !fields.in.length && !fields.out.length && !fields.tools && !fields.reranker && context === 0
  return isSilent ? null : { ...fields, contextTokens: context }
}
