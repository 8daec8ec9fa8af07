import { expect, test } from 'vitest'
import { Gatherer } from '../../../machines/simulation/gather.ts'
import type { Past } from '../../../machines/simulation/past.ts'
import { Parser } from '../../../machines/trace/parse.ts'
import { id, settings } from '../../support/settings.ts'
import { traceOf } from '../../support/trace.ts'
import { World } from '../../support/world.ts'

const [a, b] = [id('a'), id('b')]
const oneSeat = settings('ab')

function gather(trace: string): readonly Past[] {
  const gatherer = new Gatherer()
  const parser = new Parser()
  for (const line of trace.trimEnd().split('\n')) gatherer.take(parser.parse(line))
  return gatherer.pasts()
}

test('who was served, who left and who was refused can be told apart', () => {
  const world = new World(oneSeat)
  const first = world.request(a)
  const impatient = world.request(b)
  world.clock.advance(3_000)
  world.cancel(impatient)
  world.ready(a)
  world.clock.advance(4_000)
  world.release(first)
  world.request(b)
  world.unload(b)
  const [past] = gather(traceOf(world.lines, oneSeat))
  expect(past?.visits).toMatchObject([
    { request: 1, model: a, at: 0, servedMs: 4_000, patienceMs: null },
    { request: 2, model: b, at: 0, servedMs: null, patienceMs: 3_000 },
    { request: 3, model: b, at: 7_000, servedMs: null, patienceMs: null },
  ])
  expect(past?.controls).toEqual([{ type: 'unload', models: [b], at: 7_000 }])
})

test('each process has its story: how it loaded, how it died, how it stopped', () => {
  const world = new World(settings('abc', { all: { healthCheckTimeoutMs: 15_000 } }))
  const c = id('c')
  world.request(a)
  world.clock.advance(2_000)
  world.exit(a, { type: 'exited', code: 3 })
  world.clock.advance(1_000)
  world.release(world.load(a))
  world.request(b)
  world.clock.advance(500)
  world.obey(a)
  world.clock.advance(15_000)
  world.clock.advance(10_000)
  world.exit(b, { type: 'killed', signal: 'SIGKILL' })
  const client = world.request(c)
  world.clock.advance(1_000)
  world.ready(c)
  world.clock.advance(700)
  world.exit(c, { type: 'exited', code: 1 })
  world.release(client)
  const [past] = gather(traceOf(world.lines, settings('abc', { all: { healthCheckTimeoutMs: 15_000 } })))
  expect(Object.fromEntries(past?.stories ?? [])).toEqual({
    a: [
      { readyAfterMs: null, death: { of: 'loading', afterMs: 2_000, exit: { type: 'exited', code: 3 } }, stopMs: null },
      { readyAfterMs: 0, death: null, stopMs: 500 },
    ],
    b: [{ readyAfterMs: 'never', death: null, stopMs: 'never' }],
    c: [
      { readyAfterMs: 1_000, death: { of: 'serving', afterMs: 700, exit: { type: 'exited', code: 1 } }, stopMs: null },
    ],
  })
})

test('settings that come into force are part of the past, seen or found at the beginning of a file', () => {
  const world = new World(oneSeat)
  world.release(world.load(a))
  world.clock.advance(1_000)
  const seen = settings('ab', { all: { healthCheckTimeoutMs: 15_000 } })
  world.reload(seen)
  world.request(b)
  world.obey(a)
  world.clock.advance(15_000)
  const begun = traceOf(world.lines, oneSeat)
  const unseen = settings('abc')
  world.reload(unseen)
  const file = traceOf([world.engine.checkpoint()], unseen).replace('"at":0', '"at":20000')
  const same = file.replace('"at":20000', '"at":30000')
  const [past, ...more] = gather(begun + file + same)
  expect(more).toEqual([])
  expect(past).toMatchObject({ settings: oneSeat })
  expect(past?.controls).toEqual([
    { type: 'config.changed', settings: seen, at: 1_000 },
    { type: 'config.changed', settings: unseen, at: 20_000 },
  ])
  expect(past?.stories.get(b)).toMatchObject([{ readyAfterMs: 'never' }])
})

test('across a gap, what nobody saw stays unknown', () => {
  const world = new World(oneSeat)
  const seen = world.load(a)
  const begun = traceOf(world.lines, oneSeat)
  const unseen = world.request(a)
  world.clock.advance(5_000)
  world.release(seen)
  const from = world.engine.checkpoint()
  const gap = world.lines.length
  world.clock.advance(1_000)
  world.release(unseen)
  const trace = `${begun}{"type":"dropped","lines":3}\n${traceOf([from, ...world.lines.slice(gap)], oneSeat)}`
  const [past, ...more] = gather(trace)
  expect(more).toEqual([])
  expect(past?.visits).toMatchObject([
    { request: 1, servedMs: null },
    { request: 2, servedMs: 6_000 },
  ])
})
