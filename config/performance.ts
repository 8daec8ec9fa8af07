import type * as v from 'valibot'
import { field, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { boolean, duration } from './scalars.ts'

/** The watch over CPU, memory and GPUs (§7.10). */
export interface Performance {
  readonly isDisabled: boolean
  /** Between two measurements. At least 5 s. */
  readonly everyMs: number
}

/** Measuring GPUs starts programs: more often than this it would be felt. */
const leastMs = 5000

export const performanceSchema = struct({
  disabled: field(boolean, 'false', 'Nothing is measured.'),
  every: field(duration, '5s', 'Time between two measurements, at least 5s: measuring GPUs starts programs.'),
})

export function normalisePerformance(
  { disabled, every }: v.InferOutput<typeof performanceSchema>,
  problems: Problems,
): Performance {
  const isTooOften = every !== 0 && every < leastMs
  if (isTooOften && !disabled) problems.error(['performance', 'every'], 'must be at least 5s')
  return { isDisabled: disabled, everyMs: Math.max(every, leastMs) }
}
