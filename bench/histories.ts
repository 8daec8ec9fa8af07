import type { Group, ModelId } from '../config/config.ts'
import type { RequestId } from '../machines/ids.ts'
import type { Settings } from '../machines/policy/settings.ts'
import type { Past, Story, Visit } from '../machines/simulation/past.ts'
import { simulate } from '../machines/simulation/simulate.ts'
import type { Line } from '../machines/trace/frame.ts'
import { formatVersion } from '../machines/trace/upgrade.ts'

/** Numbers from 0 to 1 that are the same each time. */
export function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

const names = ['coder', 'chat', 'draft', 'embed', 'judge', 'rerank', 'vision', 'whisper'] as ModelId[]

/** Eight models of which six share a seat and two are always there, as a small server has them. */
export const settings: Settings = {
  models: names.map((id) => ({
    id,
    fingerprint: id,
    port: null,
    concurrencyLimit: 100,
    priority: id === 'chat' ? 5 : 0,
    ttlMs: 600_000,
    unloadTimeoutMs: 10_000,
    healthCheckTimeoutMs: 120_000,
  })),
  routing: {
    router: { use: 'group', groups: [group('seat', names.slice(0, 6), true), group('aside', names.slice(6), false)] },
    maxWaitMs: 60_000,
    minTenureMs: 0,
  },
  reloadDrainMs: 0,
}

function group(id: string, members: readonly ModelId[], exclusive: boolean): Group {
  return { id, swap: exclusive, exclusive, persistent: !exclusive, members }
}

export interface Habits {
  /** Requests for one model, one after the other, before the next model: on average. */
  readonly stay: number
  /** From one request to the next: on average. */
  readonly gapMs: number
}

/** So many requests of clients with these habits. */
export function pastOf(requests: number, { stay, gapMs }: Habits): Past {
  const random = randomness(1)
  const visits: Visit[] = []
  let at = 1_790_000_000_000
  let model = names[0]!
  for (let request = 1; request <= requests; request++) {
    at += Math.round(-Math.log(1 - random()) * gapMs)
    if (random() < 1 / stay) model = names[Math.floor(random() * names.length)]!
    const patienceMs = random() < 0.02 ? Math.round(random() * 20_000) : null
    const servedMs = Math.round(100 + random() * 3_000)
    visits.push({ request: request as RequestId, model, at, servedMs, patienceMs })
  }
  const stories = names.map((id): [ModelId, Story[]] => {
    const each = Array.from({ length: 20 }, (): Story => {
      const isDoomed = random() < 0.05
      const death = isDoomed ? ({ of: 'loading', afterMs: 900, exit: { type: 'exited', code: 1 } } as const) : null
      return { readyAfterMs: isDoomed ? null : 2_000 + Math.round(random() * 20_000), death, stopMs: 200 }
    })
    return [id, each]
  })
  return { settings, begin: visits[0]?.at ?? 0, end: at, visits, stories: new Map(stories), controls: [] }
}

/** The trace of what becomes of them. */
export function traceOf(past: Past): readonly string[] {
  const header: Line = { type: 'trace', version: formatVersion, hotseat: '0.0.0', at: past.begin, settings }
  const lines: Line[] = [header]
  simulate({ ...past, settings }, { input: (line) => lines.push(line), output: (line) => lines.push(line) })
  return lines.map((line) => JSON.stringify(line))
}
