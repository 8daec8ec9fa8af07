import { Replay } from '../machines/trace/replay.ts'
import { pastOf, traceOf } from './histories.ts'

/*
 * How fast a trace happens again, as a multiple of what `JSON.parse` alone takes for the same lines. Both by turns, stretch by
 * stretch, and of each stretch the round counts that was disturbed the least: neighbours on the machine only ever slow it down.
 */

const requests = 40_000
const rounds = 9
/** A tenth of a second or so, with all the garbage that is collected meanwhile. */
const stretch = 10_000

const clients = {
  'that stay with a model for an hour': { stay: 3_600, gapMs: 1_000 },
  'that stay for a minute': { stay: 60, gapMs: 1_000 },
  'that ask five times and go on': { stay: 5, gapMs: 10_000 },
}

for (const [who, habits] of Object.entries(clients)) {
  const lines = traceOf(pastOf(requests, habits))
  const swaps = lines.filter((line) => line.startsWith('{"type":"swap.start"')).length
  const parsed = new Map<number, number>()
  const replayed = new Map<number, number>()
  for (let round = 0; round < rounds; round++) {
    time(lines, parsed, (line) => JSON.parse(line))
    const replay = new Replay()
    time(lines, replayed, (line) => {
      if (replay.take(line)) throw new Error(`line ${replay.lines} was not replayed alike`)
    })
  }
  const ratio = (sum(replayed) / sum(parsed)).toFixed(0)
  const speed = Math.round((lines.length / sum(replayed)) * 1_000).toLocaleString('en')
  console.log(`clients ${who}, ${swaps} swaps in ${lines.length} lines: ${ratio} x JSON.parse, ${speed} lines/s`)
}

/** The least CPU time in ms that each stretch has taken, by its first line. */
function time(lines: readonly string[], least: Map<number, number>, take: (line: string) => void): void {
  for (let from = 0; from < lines.length; from += stretch) {
    const before = process.cpuUsage()
    for (const line of lines.slice(from, from + stretch)) take(line)
    const { user, system } = process.cpuUsage(before)
    least.set(from, Math.min(least.get(from) ?? Number.POSITIVE_INFINITY, (user + system) / 1_000))
  }
}

function sum(times: ReadonlyMap<number, number>): number {
  return [...times.values()].reduce((all, ms) => all + ms, 0)
}
