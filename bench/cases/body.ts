import { askRepeatedly } from '../load/answers.ts'
import { requestFor } from '../load/request.ts'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import { cpuMs, forgetPeak, memoryMiB } from '../measure/proc.ts'
import type { Setting, Subject } from './setting.ts'

const quantities = [
  { name: 'CPU per request', unit: 'µs' },
  { name: 'median latency', unit: 'ms' },
  { name: 'peak memory', unit: 'MiB' },
]

interface Plan {
  readonly name: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly clients: number
  readonly ms: number
  readonly rounds: number
}

/** Requests and answers of a size. */
export async function bodies({ subjects }: Setting, plan: Plan): Promise<Measurement[]> {
  const { name, bytesIn, bytesOut, clients, ms, rounds } = plan
  const request = requestFor(`bytes ${bytesOut}`, bytesIn)
  const measure = async ({ port, pid }: Subject): Promise<Sample> => {
    if (pid !== null) forgetPeak(pid)
    const before = pid === null ? 0 : cpuMs(pid)
    const { count, p50Ms } = await askRepeatedly(port, request, { clients, ms })
    return {
      ...(pid !== null && {
        'CPU per request': ((cpuMs(pid) - before) / count) * 1_000,
        'peak memory': memoryMiB(pid).peak,
      }),
      'median latency': p50Ms,
    }
  }
  return tabulate(name, quantities, await inTurn(subjects, rounds, measure))
}
