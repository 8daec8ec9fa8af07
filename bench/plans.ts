import { bodies } from './cases/body.ts'
import { smallJson } from './cases/json.ts'
import { scheduling } from './cases/scheduler.ts'
import { setUp } from './cases/setting.ts'
import { starting } from './cases/start.ts'
import { streaming } from './cases/stream.ts'
import { handovers, loads } from './cases/swap.ts'
import { unloading } from './cases/unload.ts'
import type { Measurement } from './measure/measurement.ts'
import type { Peer } from './peers/peer.ts'
import { floor, go, haproxy, nginx } from './peers/proxies.ts'
import { hotseat, llamaSwap, recording } from './peers/routers.ts'

/** Gets the measurements of each case as it is done. */
export type Report = (measurements: readonly Measurement[]) => void

const isHere = (peer: Peer) => peer.absence() === null

/** In the order of the table's columns. */
export const peers: readonly Peer[] = [hotseat, floor, go, llamaSwap, nginx, haproxy]

/** Everything. @param share of the full time and rounds, up to 1 */
export async function measureAll(share: number, report: Report): Promise<void> {
  const rounds = (full: number) => Math.max(2, Math.round(full * share))
  const ms = (full: number) => Math.max(500, full * share)
  {
    await using setting = await setUp(peers.filter(isHere))
    for (const clients of [1, 16, 64, 256])
      report(await smallJson(setting, { clients, ms: ms(2_000), rounds: rounds(9) }))
    for (const [streams, intervalMs] of [
      [32, 10],
      [256, 15],
      [1_000, 100],
    ] as const) {
      report(await streaming(setting, { streams, intervalMs, ms: ms(2_000), rounds: rounds(7) }))
    }
    const body = { ms: ms(1_500), rounds: rounds(5) }
    const [kb, mb] = [2 ** 10, 2 ** 20]
    report(
      await bodies(setting, {
        ...body,
        name: '64 KB in and out, 16 clients',
        bytesIn: 64 * kb,
        bytesOut: 64 * kb,
        clients: 16,
      }),
    )
    report(
      await bodies(setting, { ...body, name: '8 MB in, 2 clients', bytesIn: 8 * mb, bytesOut: 2 * kb, clients: 2 }),
    )
    report(await bodies(setting, { ...body, name: '8 MB out, 2 clients', bytesIn: kb, bytesOut: 8 * mb, clients: 2 }))
  }
  {
    await using setting = await setUp([hotseat, recording])
    const name = 'small JSON with a trace written'
    report(await smallJson(setting, { name, clients: 16, ms: ms(2_000), rounds: rounds(9) }))
  }
  const routers = [hotseat, llamaSwap].filter(isHere)
  report(await handovers(routers, { count: rounds(20), rounds: rounds(5) }))
  report(await loads(routers, { listenAfterMs: 0, count: rounds(10), rounds: rounds(5) }))
  report(await loads(routers, { listenAfterMs: 300, count: rounds(10), rounds: rounds(5) }))
  report(await unloading(routers, { stopMs: Math.max(1_000, 4_000 * share), rounds: rounds(3) }))
  report(await scheduling({ ms: ms(1_500), rounds: rounds(5) }))
  report(await starting({ rounds: rounds(5), restMs: ms(2_000) }))
}

/** What the baseline watches: hotseat and the floor, side by side, in half a minute. */
export async function measureWatched(report: Report): Promise<void> {
  await using setting = await setUp([hotseat, floor])
  for (const clients of [16, 64]) report(await smallJson(setting, { clients, ms: 500, rounds: 8 }))
  report(await streaming(setting, { streams: 256, intervalMs: 15, ms: 500, rounds: 8 }))
}
