import { loadConfig } from '../../config/load.ts'
import { type Settings, settingsOf } from '../../machines/policy/settings.ts'
import { originOf } from '../reload/origin.ts'
import { readTrace } from './read.ts'

/*
 * `hotseat/trace`: recorded traces, for programs. What a recording holds, whether the machines still decide as they did, and
 * what another configuration would have come to.
 */

export { ConfigError, type Problem } from '../../config/problem.ts'
export type { Ledger } from '../../machines/policy/ledger.ts'
export type { Settings } from '../../machines/policy/settings.ts'
export type { Compared } from '../../machines/simulation/comparison.ts'
export type { Figures, ModelFigures, Waits } from '../../machines/simulation/figures.ts'
export type { Cause, Difference } from '../../machines/trace/difference.ts'
export type { Checkpoint, Header, Line } from '../../machines/trace/frame.ts'
export type { Input, Output } from '../../machines/trace/lines.ts'
export { Parser, TraceError } from '../../machines/trace/parse.ts'
export { Replay, type ReplayOptions } from '../../machines/trace/replay.ts'
export { describeLedger, describeLine } from '../../machines/trace/words.ts'
export { compareFiles as compareTrace } from './compare-file.ts'
export { readTrace } from './read.ts'
export { type Replayed, type ReplayFileOptions, replayFile as replayTrace } from './replay-file.ts'
export { describeDifference } from './report.ts'
export { describeComparison } from './table.ts'

/** What a trace holds. */
export interface Contents {
  /** How often each type of line occurs. */
  readonly types: Readonly<Record<string, number>>
  /** The last line is cut off, as a crash leaves it. */
  readonly isCut: boolean
}

/**
 * Reads every line of a trace and checks its form, without replaying it.
 * @param path of the file, compressed or not; `-` is standard input
 * @throws TraceError when a line is of no version of the format
 */
export async function validateTrace(path: string): Promise<Contents> {
  const types = new Map<string, number>()
  const lines = readTrace(path)
  for (let next = await lines.next(); ; next = await lines.next()) {
    if (next.done) return { types: Object.fromEntries(types), ...next.value }
    const { type } = next.value
    types.set(type, (types.get(type) ?? 0) + 1)
  }
}

/**
 * What the machines need of a configuration file, for `compareTrace`.
 * @throws ConfigError with every mistake of the file
 */
export function readSettings(file: string): Settings {
  return settingsOf(loadConfig({ file }).config, originOf)
}
