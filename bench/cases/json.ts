import { askRepeatedly } from '../load/answers.ts'
import { requestFor } from '../load/request.ts'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import { cpuMs } from '../measure/proc.ts'
import type { Setting, Subject } from './setting.ts'

const quantities = [
  { name: 'CPU per request', unit: 'µs' },
  { name: 'median latency', unit: 'ms' },
  { name: 'added to it', unit: 'ms', above: 'median latency' },
  { name: '99th percentile', unit: 'ms' },
  { name: 'added at the 99th', unit: 'ms', above: '99th percentile' },
  { name: 'throughput', unit: '1/s', isRate: true },
]

/** Small JSON: 1 KB in, 2 KB out. */
export async function smallJson(
  { subjects }: Setting,
  {
    name = 'small JSON',
    clients,
    ms,
    rounds,
  }: { readonly name?: string; readonly clients: number; readonly ms: number; readonly rounds: number },
): Promise<Measurement[]> {
  const request = requestFor('bytes 2048')
  const measure = async ({ port, pid }: Subject): Promise<Sample> => {
    const before = pid === null ? 0 : cpuMs(pid)
    const { count, perSecond, p50Ms, p99Ms } = await askRepeatedly(port, request, { clients, ms })
    return {
      ...(pid !== null && { 'CPU per request': ((cpuMs(pid) - before) / count) * 1_000 }),
      'median latency': p50Ms,
      '99th percentile': p99Ms,
      throughput: perSecond,
    }
  }
  return tabulate(`${name}, ${clients} clients`, quantities, await inTurn(subjects, rounds, measure))
}
