import { describe, expect, test } from 'vitest'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'
import { group, id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const [a, b, c] = [id('a'), id('b'), id('c')]
const apart = { groups: [group('a', { exclusive: false }), group('b', { exclusive: false })] }

/** The same settings but for these fields of these models. */
function withChanges(given: Settings, changes: Readonly<Record<string, Partial<ModelSettings>>>): Settings {
  return { ...given, models: given.models.map((model) => ({ ...model, ...changes[model.id] })) }
}

function without(given: Settings, ...models: readonly ModelSettings['id'][]): Settings {
  return { ...given, models: given.models.filter((model) => !models.includes(model.id)) }
}

const other = { fingerprint: 'other' }

describe('a model that is not changed (config §14.3)', () => {
  test('keeps its process, its responses and its load', () => {
    const given = settings('abc', { groups: ['a', 'b', 'c'].map((name) => group(name, { exclusive: false })) })
    const world = new World(given)
    const served = world.load(a)
    const loading = world.request(b)
    const lives = [...world.children.values()].map(({ swap }) => swap)
    world.reload(withChanges(given, { c: other }))
    expect([...world.children.values()].map(({ swap, graceMs }) => [swap, graceMs])).toEqual(
      lives.map((l) => [l, null]),
    )
    world.ready(b)
    expect([served.answer, loading.answer, world.request(a).answer]).toEqual(['served', 'served', 'served'])
  })

  test('has its other limit at once', () => {
    const given = settings('a')
    const world = new World(given)
    world.load(a)
    world.reload(withChanges(given, { a: { concurrencyLimit: 1 } }))
    expect(world.request(a).refusal).toEqual({ reason: 'concurrency limit', limit: 1 })
  })

  test('has its other place in the queue at once', () => {
    const given = settings('abc')
    const world = new World(given)
    const held = world.load(a)
    const [first, second] = [world.request(b), world.request(c)]
    world.reload(withChanges(given, { c: { priority: 1 } }))
    expect(world.ledger.queue.map(({ model }) => model)).toEqual([c, b])
    world.release(held)
    world.obey(a)
    world.ready(c)
    expect([first.answer, second.answer]).toEqual(['waiting', 'served'])
  })

  test.each([
    ['shorter', 20_000, 5_000, 2_000, 3_000],
    ['shorter than it has already rested', 20_000, 1_000, 2_000, 0],
    ['longer', 5_000, 20_000, 2_000, 18_000],
    ['set where there was none', 0, 5_000, 2_000, 3_000],
  ])('has a ttl that is %s counted from where it began to rest', (_what, before, after, restedMs, leftMs) => {
    const given = settings('a', { all: { ttlMs: before } })
    const world = new World(given)
    world.release(world.load(a))
    world.clock.advance(restedMs)
    world.reload(withChanges(given, { a: { ttlMs: after } }))
    if (leftMs > 0) world.clock.advance(leftMs - 1)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('stays for good when its ttl is taken away, in use or not', () => {
    const given = settings('ab', { ...apart, all: { ttlMs: 5_000 } })
    const world = new World(given)
    const held = world.load(a)
    world.release(world.load(b))
    world.clock.advance(4_000)
    world.reload(withChanges(given, { a: { ttlMs: 0 }, b: { ttlMs: 0 } }))
    world.clock.advance(4_000)
    world.release(held)
    world.clock.advance(3_600_000)
    expect([world.stateOf(a), world.stateOf(b)]).toEqual(['ready', 'ready'])
  })

  test('keeps the deadline of a load that has begun, and the back-off of one that failed', () => {
    const given = settings('ab', { ...apart, all: { healthCheckTimeoutMs: 15_000 } })
    const world = new World(given)
    const client = world.request(a)
    world.request(b)
    world.exit(b)
    world.reload(withChanges(given, { a: { healthCheckTimeoutMs: 60_000 } }))
    world.clock.advance(100)
    expect(world.request(b).refusal?.reason).toBe('model failed')
    world.clock.advance(14_900)
    world.obey(a)
    expect(client.refusal).toMatchObject({ failure: { type: 'unready', afterMs: 15_000 } })
  })
})

describe('a model that is changed', () => {
  test('serves what it serves to its end, then stops, and the next request loads it anew', () => {
    const given = settings('a')
    const world = new World(given)
    const running = world.load(a)
    const [old] = world.children.values()
    world.reload(withChanges(given, { a: other }))
    const next = world.request(a)
    expect([running.answer, next.answer, old?.graceMs]).toEqual(['served', 'waiting', null])
    world.release(running)
    expect([old?.graceMs, world.children.get(a)]).toEqual([10_000, old])
    world.obey(a)
    world.ready(a)
    expect([next.answer, world.children.get(a)?.origin?.fingerprint]).toEqual(['served', 'other'])
  })

  test('stops at once when it serves nobody, and comes back only when it is asked for', () => {
    const given = settings('a')
    const world = new World(given)
    world.release(world.load(a))
    world.reload(withChanges(given, { a: other }))
    expect(world.stateOf(a)).toBe('stopping')
    world.obey(a)
    world.clock.advance(3_600_000)
    expect(world.children.size).toBe(0)
    expect(world.load(a).answer).toBe('served')
  })

  test('has its responses cut when the drain is over', () => {
    const given = settings('a', { reloadDrainMs: 30_000 })
    const world = new World(given)
    world.load(a)
    world.reload(withChanges(given, { a: other }))
    world.clock.advance(29_999)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('drains no longer because it is changed again meanwhile', () => {
    const given = settings('a', { reloadDrainMs: 30_000 })
    const world = new World(given)
    world.load(a)
    world.reload(withChanges(given, { a: other }))
    world.clock.advance(20_000)
    world.reload(withChanges(given, { a: { fingerprint: 'yet another' } }))
    world.clock.advance(10_000)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('goes on as if nothing had been when it is changed back before it has stopped', () => {
    const given = settings('a', { all: { ttlMs: 5_000 } })
    const world = new World(given)
    const running = world.load(a)
    world.reload(withChanges(given, { a: other }))
    const waiting = world.request(a)
    world.clock.advance(20_000)
    world.reload(given)
    expect([running.answer, waiting.answer]).toEqual(['served', 'served'])
    world.clock.advance(60_000)
    world.release(running)
    world.release(waiting)
    world.clock.advance(4_999)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('is loaded anew for those who waited for it, in their order', () => {
    const given = settings('ab')
    const world = new World(given)
    const clients = [world.request(a), world.request(b), world.request(a)]
    world.reload(withChanges(given, { a: other }))
    expect(clients.map(({ answer }) => answer)).toEqual(['waiting', 'waiting', 'waiting'])
    world.obey(a)
    world.ready(a)
    expect(world.children.get(a)?.origin?.fingerprint).toBe('other')
    expect(clients.map(({ answer }) => answer)).toEqual(['served', 'waiting', 'served'])
  })

  test('may fail anew', () => {
    const given = settings('a')
    const world = new World(given)
    world.request(a)
    world.exit(a)
    world.reload(withChanges(given, { a: other }))
    expect(world.load(a).answer).toBe('served')
  })
})

describe('a model that is removed', () => {
  test('is unknown from then on, those who wait for it are told, and its responses run to their end', () => {
    const given = settings('ab', apart)
    const world = new World(given)
    const running = world.load(a)
    const waiting = world.request(b)
    world.reload(without(given, a, b))
    expect(waiting.refusal).toEqual({ reason: 'removed' })
    expect(world.request(a).refusal).toEqual({ reason: 'unknown model' })
    world.obey(b)
    expect([running.answer, world.processes]).toEqual(['served', [a]])
    world.release(running)
    world.obey(a)
    expect([world.processes, world.ledger.models]).toEqual([[], []])
  })

  test('is told when it waits in the queue', () => {
    const given = settings('ab')
    const world = new World(given)
    world.load(a)
    const queued = world.request(b)
    world.reload(without(given, b))
    expect([queued.refusal, world.processes]).toEqual([{ reason: 'removed' }, [a]])
  })

  test('keeps its place until it is gone, in whatever group it was; what is ready is served meanwhile', () => {
    const given = settings('abc', { groups: ['a', 'b', 'c'].map((name) => group(name, { exclusive: false })) })
    const world = new World(given)
    const running = world.load(a)
    world.release(world.load(b))
    world.reload(without(given, a))
    const [ready, loading] = [world.request(b), world.request(c)]
    expect([ready.answer, world.children.has(c)]).toEqual(['served', false])
    world.release(running)
    world.obey(a)
    world.ready(c)
    expect(loading.answer).toBe('served')
  })

  test('can be unloaded by whoever began it before, and comes back as another', () => {
    const given = settings('a')
    const world = new World(given)
    const running = world.load(a)
    const unload = world.unload(a)
    world.reload(without(given, a))
    world.reload(given)
    const next = world.request(a)
    world.obey(a)
    expect(world.unloads.get(unload)).toEqual([])
    world.release(running)
    world.ready(a)
    expect(next.answer).toBe('served')
  })

  test('that cannot be stopped holds up nobody but who needs its port', () => {
    const given = settings('ab', apart)
    const world = new World(given)
    world.release(world.load(a))
    world.reload(without(given, a))
    world.clock.advance(60_000)
    expect(world.stateOf(a)).toBe('stuck')
    const served = world.request(b)
    world.ready(b)
    expect(served.answer).toBe('served')
    world.release(served)
    world.reload(without(withChanges(given, { b: { fingerprint: '1@5800', port: 5800 } }), a))
    world.obey(b)
    const client = world.request(b)
    world.clock.advance(60_000)
    expect(client.refusal).toEqual({ reason: 'stop failed', victim: a })
  })
})

describe('a port that moves', () => {
  const before = settings('bc', { groups: [group('b', { exclusive: false }), group('c', { exclusive: false })] })
  const after = { ...settings('abc'), routing: before.routing }

  test('is not given to a model before the process that holds it is gone', () => {
    const world = new World(before)
    const running = world.load(b)
    world.release(world.load(c))
    world.reload(after)
    world.obey(c)
    const [first, second] = [world.request(a), world.request(c)]
    world.ready(c)
    expect([first.answer, second.answer, world.children.has(a)]).toEqual(['waiting', 'served', false])
    world.release(running)
    world.obey(b)
    world.ready(a)
    expect([first.answer, world.children.get(a)?.origin?.port]).toEqual(['served', 5800])
  })

  test('is remembered over further reloads', () => {
    const world = new World(before)
    const running = world.load(b)
    world.reload(after)
    world.reload(withChanges(after, { a: { fingerprint: '2@5800' } }))
    world.request(a)
    expect(world.children.has(a)).toBe(false)
    world.release(running)
    world.obey(b)
    expect(world.children.has(a)).toBe(true)
  })
})

describe('who may run together', () => {
  const together = settings('ab', apart)
  const oneSeat = { ...together, routing: settings('ab').routing }

  test('other rules stop nothing by themselves, and are those of the next request', () => {
    const world = new World(together)
    world.release(world.load(a))
    world.release(world.load(b))
    world.reload(oneSeat)
    expect([world.stateOf(a), world.stateOf(b)]).toEqual(['ready', 'ready'])
    const client = world.request(b)
    expect([client.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
    world.obey(a)
    expect([client.answer, world.stateOf(b)]).toEqual(['served', 'ready'])
  })

  test('a swap that has not begun to load is planned again', () => {
    const world = new World(oneSeat)
    world.release(world.load(a))
    const client = world.request(b)
    world.reload(together)
    world.ready(b)
    expect([client.answer, world.stateOf(a)]).toEqual(['served', 'stopping'])
  })

  test('an added model is served', () => {
    const world = new World(settings('b'))
    world.reload(settings('ab'))
    expect(world.load(a).answer).toBe('served')
  })
})

test('a reload during a shutdown changes nothing', () => {
  const world = new World(settings('a'))
  const running = world.load(a)
  world.shutDown()
  world.reload(settings('ab'))
  expect([world.processes, world.request(b).refusal]).toEqual([[a], { reason: 'shutting down' }])
  world.release(running)
  world.obey(a)
  expect(world.shutdownDone).toEqual([])
})
