import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ModelId } from '../../../config/config.ts'
import type { RequestId } from '../../../machines/ids.ts'
import type { Settings } from '../../../machines/policy/settings.ts'
import { type Compared, Comparison } from '../../../machines/simulation/comparison.ts'
import type { Past, Story, Visit } from '../../../machines/simulation/past.ts'
import { simulate } from '../../../machines/simulation/simulate.ts'
import type { Checkpoint, Line } from '../../../machines/trace/frame.ts'
import { Parser } from '../../../machines/trace/parse.ts'
import { group, id, settings } from '../../support/settings.ts'
import { traceOf } from '../../support/trace.ts'
import { World } from '../../support/world.ts'

const [a, b] = [id('a'), id('b')]
const oneSeat = settings('ab')
const twoSeats = settings('ab', {
  groups: [group('a', { exclusive: false }), group('b', { exclusive: false })],
})

function compare(trace: string, other: Settings): Compared {
  const comparison = new Comparison()
  const parser = new Parser()
  for (const line of trace.trimEnd().split('\n')) comparison.take(parser.parse(line))
  return comparison.under(other)
}

/** What becomes of a past under the settings, as a trace. */
function live(past: Past, settings: Settings): string {
  const lines: Exclude<Line, { type: 'trace' | 'dropped' }>[] = []
  simulate({ ...past, settings }, { input: (line) => lines.push(line), output: (line) => lines.push(line) })
  return traceOf(lines, settings)
}

/** Clients of two models by turns, each served for a second; a load takes five and a stop one. */
function byTurns(onTurn: (world: World) => void = () => {}): World {
  const world = new World(oneSeat)
  for (const model of [a, b, a, b]) {
    onTurn(world)
    const client = world.request(model)
    world.clock.advance(1_000)
    for (const other of [a, b]) world.obey(other)
    world.clock.advance(5_000)
    world.ready(model)
    world.clock.advance(1_000)
    world.release(client)
  }
  return world
}

test('under other settings the same clients wait for other things', () => {
  const { recorded, repeated, other } = compare(traceOf(byTurns().lines, oneSeat), twoSeats)
  expect(repeated).toEqual(recorded)
  expect(recorded).toMatchObject({ swaps: 4, evictions: 3, loads: 4, loadingMs: 21_000 })
  expect(recorded.models.get(a)).toMatchObject({ served: 2, waits: { p50: 6_000, p95: 6_000, max: 6_000 } })
  expect(other).toMatchObject({ swaps: 2, evictions: 0, loads: 2, loadingMs: 11_000 })
  expect(other.models.get(a)).toMatchObject({ served: 2, waits: { p50: 0, p95: 6_000, max: 6_000 } })
})

test('a reload happens again in the simulation, and other settings hold throughout', () => {
  const world = new World(settings('a'))
  world.release(world.load(a))
  world.clock.advance(1_000)
  world.reload(oneSeat)
  for (const model of [b, a]) {
    const client = world.request(model)
    for (const other of [a, b]) world.obey(other)
    world.clock.advance(5_000)
    world.ready(model)
    world.release(client)
  }
  const trace = traceOf(world.lines, settings('a'))
  const { recorded, repeated, other, reloads, missing } = compare(trace, twoSeats)
  expect(repeated).toEqual(recorded)
  expect(recorded).toMatchObject({ swaps: 3, evictions: 2 })
  expect(other).toMatchObject({ swaps: 2, evictions: 0 })
  expect({ reloads, missing }).toEqual({ reloads: 1, missing: [] })
  expect(compare(trace, settings('a')).missing).toEqual(['b'])
})

const pasts = fc
  .record({
    visits: fc.array(
      fc.record({
        model: fc.constantFrom(a, b),
        afterMs: fc.nat(20_000),
        servedMs: fc.integer({ min: 1, max: 9_000 }),
      }),
      { maxLength: 40 },
    ),
    stories: fc.tuple(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 3_000 })),
  })
  .map(({ visits, stories: [readyAfterMs, stopMs] }): Past => {
    let at = 0
    const come = ({ model, afterMs, servedMs }: (typeof visits)[number], index: number): Visit => {
      at += afterMs
      return { request: (index + 1) as RequestId, model, at, servedMs, patienceMs: null }
    }
    const story: Story = { readyAfterMs, death: null, stopMs }
    const stories = new Map<ModelId, Story[]>([a, b].map((model) => [model, [story]]))
    return { settings: oneSeat, begin: 0, end: at, visits: visits.map(come), stories, controls: [] }
  })

test('a recorded history is itself again when it is simulated under its own settings', () => {
  fc.assert(
    fc.property(pasts, (past) => {
      const { recorded, repeated } = compare(live(past, oneSeat), oneSeat)
      expect(repeated).toEqual(recorded)
    }),
    { numRuns: 100 },
  )
})

test('a client that lost patience is served where the wait is shorter than its patience', () => {
  const world = new World(oneSeat)
  const held = world.load(a)
  world.clock.advance(1_000)
  const client = world.request(b)
  world.clock.advance(5_000)
  world.cancel(client)
  world.release(held)
  const { recorded, other } = compare(traceOf(world.lines, oneSeat), twoSeats)
  expect(recorded.models.get(b)).toMatchObject({ served: 0, withdrawn: 1 })
  expect(other.models.get(b)).toMatchObject({ served: 1, withdrawn: 0 })
})

test('a model that the other settings do not have refuses its clients', () => {
  const { other } = compare(traceOf(byTurns().lines, oneSeat), settings('a'))
  expect(other.models.get(b)).toMatchObject({ requests: 2, served: 0, refused: 2, loads: 0 })
})

test('a load that failed fails again, and a process that had to be killed is killed after the new grace', () => {
  const world = new World(oneSeat)
  world.request(b)
  world.clock.advance(2_000)
  world.exit(b)
  world.clock.advance(1_000)
  world.release(world.load(a))
  world.request(b)
  world.clock.advance(10_000)
  world.exit(a, { type: 'killed', signal: 'SIGKILL' })
  world.ready(b)
  for (const client of world.served()) world.release(client)
  const patient = settings('ab', { all: { unloadTimeoutMs: 30_000 } })
  const { recorded, other } = compare(traceOf(world.lines, oneSeat), patient)
  expect(recorded.models.get(b)).toMatchObject({ refused: 1, served: 1, waits: { max: 10_000 } })
  expect(other.models.get(b)).toMatchObject({ refused: 1, served: 1, waits: { max: 30_000 } })
})

test('files that follow each other are one history, and a restart begins another', () => {
  const cuts: { readonly at: number; readonly checkpoint: Checkpoint }[] = []
  const world = byTurns(({ lines, engine }) => cuts.push({ at: lines.length, checkpoint: engine.checkpoint() }))
  const { at, checkpoint } = cuts[2]!
  const files = traceOf(world.lines.slice(0, at), oneSeat) + traceOf([checkpoint, ...world.lines.slice(at)], oneSeat)
  expect(compare(files, twoSeats)).toEqual(compare(traceOf(world.lines, oneSeat), twoSeats))

  const twice = compare(traceOf(world.lines, oneSeat) + traceOf(world.lines, oneSeat), twoSeats)
  expect(twice.recorded).toMatchObject({ swaps: 8, evictions: 6, loads: 8 })
  expect(twice.other).toMatchObject({ swaps: 4, evictions: 0, loads: 4 })
})
