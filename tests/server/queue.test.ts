import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ledger } from '../../machines/policy/ledger.ts'
import { Loads } from '../../server/progress/loads.ts'
import { Watchdog } from '../../server/progress/watchdog.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { id } from '../support/settings.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    { a: upstream(), b: upstream('--load-ms 300'), c: upstream() },
    `
apiKeys:
  - all
  - {key: narrow, models: [c]}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })

interface Waiting {
  readonly id: string | null
  readonly model: string
  readonly since: string
  readonly waiting_ms: number
  readonly position: number | null
  readonly behind: { readonly reason: string; readonly model: string | null } | null
  readonly usual_load_ms: number | null
  readonly eta_ms: number | null
}

async function queue(key = 'all'): Promise<readonly Waiting[]> {
  return ((await (await hotseat.get('/api/queue', as(key))).json()) as { queue: Waiting[] }).queue
}

async function health(): Promise<{ status: number; report: Record<string, unknown> }> {
  const response = await hotseat.get('/api/health', as('all'))
  return { status: response.status, report: (await response.json()) as Record<string, unknown> }
}

const ask = (model: string, fields = {}) => hotseat.post(chat, { model, ...fields }, as('all'))

test('the queue tells who waits for what, behind what, and the id by which to cancel it', async () => {
  const streaming = await ask('a', { stream: true, chunks: 1_000, chunkMs: 20 })
  const [b, c] = [ask('b'), ask('c')]
  await until('both wait', async () => (await queue()).length === 2)
  const waiting = await queue()
  expect(waiting).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      model: 'b',
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      waiting_ms: expect.any(Number),
      position: 1,
      behind: { reason: 'busy', model: 'a' },
      usual_load_ms: null,
      eta_ms: null,
    },
    expect.objectContaining({ model: 'c', position: 2, behind: { reason: 'busy', model: 'a' } }),
  ])
  expect(await health()).toMatchObject({ status: 200, report: { status: 'ok', waiting: 2, swaps: [], problems: [] } })

  // To a key for c alone, what is in its way has no name, and its place is what it is.
  expect(await queue('narrow')).toEqual([
    expect.objectContaining({ model: 'c', position: 2, behind: { reason: 'busy', model: null } }),
  ])

  await streaming.body?.cancel()
  await until('b is on its way', async () => (await queue())[0]?.position === null)
  expect(await queue()).toMatchObject([
    { model: 'b', position: null, behind: { reason: 'load', model: 'b' } },
    { model: 'c', position: 1, behind: { reason: 'swap', model: 'b' } },
  ])
  const { report } = await health()
  expect(report).toMatchObject({ waiting: 2, oldest_wait_ms: expect.any(Number) })
  expect(report.swaps).toEqual([
    {
      id: expect.any(Number),
      model: 'b',
      evict: ['a'],
      waiting: 1,
      age_ms: expect.any(Number),
      // Two stops of 1 s, and 10 s each until a kernel has reaped them; a load of 120 s; and 5 s for a busy machine.
      deadline_ms: 11_000 + 120_000 + 11_000 + 5_000,
    },
  ])
  expect([(await b).status, (await c).status]).toEqual([200, 200])
  expect(await queue()).toEqual([])
})

test('how long a load will take is learned from the earlier ones', async () => {
  await ask('c')
  const b = ask('b')
  await until('b is on its way', async () => (await queue())[0]?.position === null)
  const [waiting] = await queue()
  expect(waiting?.usual_load_ms).toBeGreaterThanOrEqual(300)
  expect(waiting?.eta_ms).toBeLessThanOrEqual(waiting?.usual_load_ms ?? 0)
  await b
})

test('the median of the last loads counts, and waiting for a swap takes both loads', () => {
  const loads = new Loads()
  const [a, b] = [id('a'), id('b')]
  let at = 0
  const load = (model: typeof a, ms: number) => {
    for (const state of ['starting', 'ready', 'stopped'] as const) {
      loads.news({ type: 'process.changed', model, swap: 1 as never, state, failure: null, at })
      if (state === 'starting') at += ms
    }
  }
  expect(loads.usualMs(a)).toBeNull()
  for (const ms of [900, 100, 200, 300]) load(a, ms)
  expect(loads.usualMs(a)).toBe(300)
  for (let i = 0; i < 8; i++) load(a, 50)
  expect(loads.usualMs(a)).toBe(50)

  const swap = { id: 1, target: a, evict: [], since: 0, waiters: [], aborting: false } as never
  const ticket = { request: 1 as never, model: b, at: 0 }
  const behindSwap = { ticket, position: 1, behind: { type: 'swap', swap } } as const
  expect(loads.etaMs(behindSwap, at)).toBeNull()
  load(b, 70)
  expect(loads.etaMs(behindSwap, at)).toBe(50 + 70)
  expect(loads.etaMs({ ticket, position: 1, behind: { type: 'busy', model: a } }, at)).toBeNull()
})

test('a stall makes health fail, is named, is logged once, and saves what led to it', async () => {
  const { system, logs } = hotseat.running.server
  const lost = (...requests: number[]): Ledger => ({
    ...system.ledger(),
    queue: requests.map((request) => ({ request: request as never, model: id('c'), at: 0 })),
  })
  const stalled = lost(99)
  let ledger = stalled
  let saved = 0
  const watchdog = new Watchdog(
    { ledger: () => ledger },
    logs,
    () => 0,
    () => saved++,
  )
  const expected = 'request 99 for model "c" waits, and nothing is in its way (I7)'
  for (let look = 0; look < 3; look++) expect(watchdog.look()).toEqual([{ model: 'c', message: expected }])
  // Whoever comes meanwhile waits as well: named, and not saved again.
  ledger = lost(99, 100)
  expect(watchdog.look()).toHaveLength(2)
  watchdog.close()
  expect(logs.proxy.history().toString().split(expected)).toHaveLength(2)
  expect(saved).toBe(1)

  using _spy = stall(hotseat, stalled)
  expect(await health()).toMatchObject({ status: 503, report: { status: 'stalled', problems: [expected] } })
  const path =
    /something has stalled: the last events are in (\S+\.jsonl)/.exec(logs.proxy.history().toString())?.[1] ?? ''
  expect(readFileSync(path, 'utf8')).toContain('"type":"trace"')
  rmSync(path)
})

/** As if the scheduler had lost a request. */
function stall({ running }: Hotseat, ledger: Ledger): Disposable {
  const system = running.server.system as { ledger: () => Ledger }
  const before = system.ledger
  system.ledger = () => ledger
  return {
    [Symbol.dispose]() {
      system.ledger = before
    },
  }
}
