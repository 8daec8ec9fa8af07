import { Replay } from '../machines/trace/replay.ts'
import { pastOf, traceOf } from './histories.ts'

/*
 * How fast a trace happens again, as a multiple of what `JSON.parse` alone takes for the same lines. Both by turns, in CPU
 * time: trust the ratio, which the neighbours on the machine touch less than the time.
 */

const requests = 40_000
const rounds = 7

const busy = pastOf(requests)
/** Clients that stay with a model for an hour. */
const calm = {
  ...busy,
  visits: busy.visits.map((visit, index) => ({
    ...visit,
    model: busy.visits[index - (index % 3_600)]?.model ?? visit.model,
  })),
}

for (const [name, past] of Object.entries({ busy, calm })) {
  const lines = traceOf(past)
  const swaps = lines.filter((line) => line.startsWith('{"type":"swap.start"')).length
  const ratios: number[] = []
  const speeds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const parsed = cpuSeconds(() => {
      for (const line of lines) JSON.parse(line)
    })
    const replayed = cpuSeconds(() => {
      const replay = new Replay()
      for (const line of lines) {
        if (replay.take(line)) throw new Error(`line ${replay.lines} was not replayed alike`)
      }
    })
    ratios.push(replayed / parsed)
    speeds.push(lines.length / replayed)
  }
  console.log(
    `${name}: ${lines.length} lines, ${swaps} swaps: ${median(ratios).toFixed(0)} x JSON.parse, ${Math.round(median(speeds)).toLocaleString('en')} lines/s`,
  )
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
