import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import type { Settings } from '../../machines/policy/settings.ts'
import type { Difference } from '../../machines/trace/difference.ts'
import type { Checkpoint } from '../../machines/trace/frame.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { Replay, type ReplayOptions } from '../../machines/trace/replay.ts'
import { frames } from '../../machines/trace/schema/frames.ts'
import { inputs } from '../../machines/trace/schema/inputs.ts'
import { outputs } from '../../machines/trace/schema/outputs.ts'
import { formatVersion } from '../../machines/trace/upgrade.ts'

/** A trace as it is written: one JSON object per line. */
export function traceOf(lines: readonly (Checkpoint | Input | Output)[], settings: Settings): string {
  const header = { type: 'trace', version: formatVersion, hotseat: '0.0.0', at: 0, settings }
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Replays the whole trace. */
export function replay(trace: string, options: ReplayOptions = {}): Difference | undefined {
  const replay = new Replay(options)
  for (const line of trace.trimEnd().split('\n')) {
    const difference = replay.take(line)
    if (difference) return difference
  }
  return replay.end()
}

/** What may be written, as JSON Schema: all but what actors remember, which is as the machines have it. */
export function lineSchema(): object {
  return toJsonSchema(
    v.variant('type', Object.values({ ...frames, ...inputs, ...outputs }) as v.VariantOptions<'type'>),
  )
}

/** The types of line that a healthy system writes. */
export const everyType: readonly string[] = Object.keys({ ...inputs, ...outputs, checkpoint: true }).filter(
  (type) => type !== 'failed',
)
