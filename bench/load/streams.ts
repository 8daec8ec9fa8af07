import { quantile } from '../measure/statistics.ts'
import { Connection } from './connection.ts'
import { requestFor } from './request.ts'

export interface Chunks {
  readonly count: number
  /** From the model's writing of a chunk to its arrival here. */
  readonly p50Ms: number
  readonly p99Ms: number
}

/** So many event streams at once, begun one after the other within one interval, so that they do not beat in time. */
export async function readStreams(
  port: number,
  { streams, intervalMs, ms }: { streams: number; intervalMs: number; ms: number },
): Promise<Chunks> {
  const request = requestFor(`stream ${Math.ceil(ms / intervalMs)} ${intervalMs}`)
  const connections = await Promise.all(Array.from({ length: streams }, () => Connection.open(port)))
  const latencies: number[] = []
  try {
    await Promise.all(
      connections.map(async (connection, index) => {
        connection.onBody = stopwatch(latencies)
        await new Promise((resolve) => setTimeout(resolve, (index / streams) * intervalMs))
        await new Promise<void>((resolve, reject) =>
          connection.send(request, (error) => (error ? reject(error) : resolve())),
        )
      }),
    )
  } finally {
    for (const connection of connections) connection.close()
  }
  return { count: latencies.length, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) }
}

const mark = Buffer.from('data: ')
const markAndTime = mark.length + 16

/** Reads the times that the model wrote into its events, wherever a packet is cut. */
function stopwatch(latencies: number[]): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const now = Number(process.hrtime.bigint() / 1000n)
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let at = 0
    for (;;) {
      const found = all.indexOf(mark, at)
      if (found < 0 || found + markAndTime > all.length) {
        rest = all.subarray(found < 0 ? Math.max(at, all.length - mark.length) : found)
        return
      }
      latencies.push((now - Number(all.toString('latin1', found + mark.length, found + markAndTime))) / 1_000)
      at = found + markAndTime
    }
  }
}
