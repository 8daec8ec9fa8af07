import { expect, test } from 'vitest'
import type { Engine } from '../../machines/engine.ts'
import { Replay } from '../../machines/trace/replay.ts'
import { History } from '../../ui/inspect/past/history.ts'
import { id, settings } from '../support/settings.ts'
import { traceOf } from '../support/trace.ts'
import { World } from '../support/world.ts'

const [a, b] = [id('a'), id('b')]
const given = settings('ab', { all: { ttlMs: 60_000 } })

/** Two models that take turns, up to this many times, with requests that wait. */
function turns(count: number): string {
  const world = new World(given)
  for (let turn = 0; turn < count; turn++) {
    const [next, other] = turn % 2 === 0 ? [a, b] : [b, a]
    const client = world.load(next)
    world.clock.advance(100)
    const waiting = world.request(other)
    world.release(client)
    world.obey(next)
    world.cancel(waiting)
    world.clock.advance(130_000)
  }
  return traceOf(world.lines, given)
}

const progress = () => {}

/** The actors after each line, when the trace is replayed from its beginning. */
function straight(trace: string): readonly string[] {
  let engine: Engine | undefined
  const replay = new Replay({
    onRun(begun) {
      engine = begun
    },
  })
  return trace
    .trimEnd()
    .split('\n')
    .map((line) => {
      expect(replay.take(line)).toBeUndefined()
      return JSON.stringify(engine?.checkpoint().actors ?? [])
    })
}

test('any line of a long history is reached from the nearest keyframe, and is as if everything had happened again', async () => {
  const trace = turns(118)
  const expected = straight(trace)
  expect(expected.length).toBeGreaterThan(1_234)
  const history = await History.read(trace, progress)
  expect(history.end).toBe(expected.length)
  const around = (line: number) => [-2, -1, 0, 1, 2, 3].map((by) => line + by)
  for (const line of [1, 2, 3, ...around(200), ...around(400), ...around(1_000), 1_234, expected.length]) {
    expect([line, JSON.stringify(history.actorsAt(line))]).toEqual([line, expected[line - 1]])
  }
})

test('a history tells where swaps start, and what each process did when', async () => {
  const history = await History.read(turns(2), progress)
  const types = Array.from({ length: history.end }, (_, index) => history.line(index + 1).type)
  expect(history.swaps.length).toBeGreaterThanOrEqual(2)
  for (const line of history.swaps) expect(types[line - 1]).toBe('swap.start')
  const states = (model: string) => history.lanes.find((lane) => lane.model === model)?.spans.map(({ state }) => state)
  expect(states('a')?.slice(0, 5)).toEqual(['starting', 'ready', 'stopping', 'stopped', 'starting'])
  expect(states('b')?.[0]).toBe('stopped')
})

test('lines without a time of their own have that of what caused them', async () => {
  const history = await History.read(turns(1), progress)
  const line = history.swaps[0]!
  expect(history.timeOf(line)).toBe((history.line(line - 1) as { at: number }).at)
})

test('a history ends where the machines do something else, and where it cannot be read', async () => {
  const lines = turns(2).trimEnd().split('\n')
  const grant = lines.findIndex((line) => line.includes('grant.serve'))
  const altered = lines.with(grant, lines[grant]!.replace('"request":1', '"request":9')).join('\n')
  const other = await History.read(altered, progress)
  expect([other.end, other.difference?.line, other.problem]).toEqual([grant, grant + 1, null])
  const broken = await History.read(lines.with(5, '{"type":').join('\n'), progress)
  expect([broken.end, broken.difference]).toEqual([5, null])
  expect(broken.problem).toContain('line 6')
  const nothing = await History.read('no trace at all', progress)
  expect([nothing.end, nothing.actorsAt(1), nothing.problem?.slice(0, 7)]).toEqual([0, [], 'line 1:'])
})
