import type { Ledger } from '../../machines/policy/ledger.ts'
import type { Difference } from '../../machines/trace/difference.ts'
import { TraceError } from '../../machines/trace/parse.ts'
import { Replay, type ReplayOptions } from '../../machines/trace/replay.ts'
import { readLines } from './read.ts'

/** What came of a replay. */
export interface Replayed {
  /** How the machines depart from the trace; undefined when they do not. */
  readonly difference: Difference | undefined
  /** Lines that were replayed. */
  readonly lines: number
  /** Actor systems that they were about. */
  readonly runs: number
  /** Lines that the trace itself says are missing. */
  readonly dropped: number
  /** The last line is cut off, as a crash leaves it. Everything before it was replayed. */
  readonly isCut: boolean
  /** What the scheduler knew in the end. */
  readonly ledger: Ledger
}

export interface ReplayFileOptions extends ReplayOptions {
  /** Stops after this line. */
  readonly until?: number | undefined
}

/**
 * Replays a trace from its first line on, until it is over or the machines depart from it.
 * @param path of the file, compressed or not; `-` is standard input
 * @throws TraceError when it cannot be read, and the file system's errors
 */
export async function replayFile(path: string, { until, ...options }: ReplayFileOptions = {}): Promise<Replayed> {
  const replay = new Replay(options)
  let difference: Difference | undefined
  const { isCut } = await readLines(path, (line) => {
    difference = replay.take(line)
    return difference !== undefined || replay.lines === until
  })
  const { lines, runs, dropped } = replay
  if (lines === 0) throw new TraceError(1, isCut ? 'it is no JSON, or cut off' : 'there is none').in(path)
  if (!difference && until !== undefined && lines < until) {
    throw new TraceError(until, `there are only ${lines} lines`).in(path)
  }
  if (!difference && until === undefined) difference = replay.end({ isCut })
  return { difference, lines, runs, dropped, isCut, ledger: replay.ledger() }
}
