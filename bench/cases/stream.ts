import { readStreams } from '../load/streams.ts'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import { cpuMs, forgetPeak, memoryMiB } from '../measure/proc.ts'
import type { Setting, Subject } from './setting.ts'

const quantities = [
  { name: 'CPU per 100,000 chunks', unit: 's' },
  { name: 'added to a chunk, median', unit: 'ms', above: 'median' },
  { name: 'added at the 99th', unit: 'ms', above: '99th percentile' },
  { name: 'peak memory', unit: 'MiB' },
]

/** Event streams at once, of 200-byte events. */
export async function streaming(
  { subjects }: Setting,
  { streams, intervalMs, ms, rounds }: { streams: number; intervalMs: number; ms: number; rounds: number },
): Promise<Measurement[]> {
  const measure = async ({ port, pid }: Subject): Promise<Sample> => {
    if (pid !== null) forgetPeak(pid)
    const before = pid === null ? 0 : cpuMs(pid)
    const { count, p50Ms, p99Ms } = await readStreams(port, { streams, intervalMs, ms })
    return {
      ...(pid !== null && {
        'CPU per 100,000 chunks': ((cpuMs(pid) - before) / count) * 100,
        'peak memory': memoryMiB(pid).peak,
      }),
      median: p50Ms,
      '99th percentile': p99Ms,
    }
  }
  const name = `event streams, ${streams} at a chunk each ${intervalMs} ms`
  return tabulate(name, quantities, await inTurn(subjects, rounds, measure))
}
