import { quantile } from '../measure/statistics.ts'
import { Connection } from './connection.ts'

export interface Answers {
  readonly count: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
}

/**
 * So many clients that each ask again as soon as they have their answer, for so long, or until there are `count` answers.
 * @throws the first error of any client: a bench that loses requests measures nothing.
 */
export async function askRepeatedly(
  port: number,
  request: Buffer,
  { clients, ms, count = Number.POSITIVE_INFINITY }: { clients: number; ms: number; count?: number },
): Promise<Answers> {
  const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(port)))
  const latencies: number[] = []
  const begun = performance.now()
  try {
    await Promise.all(
      connections.map((connection) => askUntil(connection, request, { end: begun + ms, count }, latencies)),
    )
  } finally {
    for (const connection of connections) connection.close()
  }
  const seconds = (performance.now() - begun) / 1_000
  return {
    count: latencies.length,
    perSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    longestMs: quantile(latencies, 1),
  }
}

function askUntil(
  connection: Connection,
  request: Buffer,
  { end, count }: { end: number; count: number },
  latencies: number[],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = () => {
    const sent = performance.now()
    connection.send(request, (error) => {
      if (error) return reject(error)
      const now = performance.now()
      latencies.push(now - sent)
      if (now < end && latencies.length < count) ask()
      else resolve()
    })
  }
  ask()
  return promise
}
