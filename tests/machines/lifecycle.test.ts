import { describe, expect, test } from 'vitest'
import { group, id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const [a, b] = [id('a'), id('b')]

describe('unload (scheduling §5)', () => {
  test('who waits for an unloaded model is told so, and who is served is not waited for', () => {
    const world = new World(settings('ab'))
    const served = world.load(a)
    const waiting = world.request(b)
    const unload = world.unload(a, b)
    expect(waiting.refusal).toEqual({ reason: 'unloaded' })
    expect([served.answer, world.stateOf(a), world.unloads.get(unload)]).toEqual(['served', 'stopping', null])
    world.obey(a)
    expect(world.unloads.get(unload)).toEqual([])
  })

  test('the unload of a slow model delays nobody else, not by one event', () => {
    const world = new World(
      settings('ab', { groups: [group('a', { exclusive: false }), group('b', { exclusive: false })] }),
    )
    world.release(world.load(a))
    world.release(world.load(b))
    world.unload(a)
    expect(world.request(b).answer).toBe('served')
  })

  test('an unload of what is not loaded is done at once', () => {
    const world = new World(settings('ab'))
    expect(world.unloads.get(world.unload(a))).toEqual([])
  })

  test('an unload ends a load, and is done when the child is gone', () => {
    const world = new World(settings('a'))
    const client = world.request(a)
    const unload = world.unload(a)
    expect([client.refusal?.reason, world.unloads.get(unload)]).toEqual(['unloaded', null])
    world.obey(a)
    expect(world.unloads.get(unload)).toEqual([])
  })

  test('a model that cannot be stopped is named by its unload', () => {
    const world = new World(settings('a'))
    world.load(a)
    const unload = world.unload(a)
    world.clock.advance(60_000)
    expect([world.unloads.get(unload), world.stateOf(a)]).toEqual([[a], 'stuck'])
  })

  test('an unload is answered though requests keep trying to stop one stuck model while another is found stuck', () => {
    const world = new World(
      settings('ab', { groups: [group('a', { exclusive: false }), group('b', { exclusive: false })] }),
    )
    world.load(a)
    world.clock.advance(1_000)
    world.load(b)
    world.unload(a)
    world.clock.advance(1_000)
    const unload = world.unload(a, b)
    world.clock.advance(19_000)
    world.request(a)
    expect([world.stateOf(a), world.stateOf(b), world.unloads.get(unload)]).toEqual(['stopping', 'stopping', null])
    world.clock.advance(1_000)
    expect([world.stateOf(a), world.stateOf(b), world.unloads.get(unload)]).toEqual(['stopping', 'stuck', [a, b]])
  })

  test('a model that was stuck and has ended after all is not named by its unload', () => {
    const world = new World(
      settings('ab', { groups: [group('a', { exclusive: false }), group('b', { exclusive: false })] }),
    )
    world.load(a)
    world.load(b)
    world.unload(a)
    world.clock.advance(5_000)
    const unload = world.unload(a, b)
    world.clock.advance(15_000)
    world.request(a)
    world.obey(a)
    world.obey(b)
    expect(world.unloads.get(unload)).toEqual([])
  })
})

describe('idle unload (scheduling §6)', () => {
  const timed = () => new World(settings('a', { all: { ttlMs: 10_000 } }))

  test('a model that rests for its ttl stops', () => {
    const world = timed()
    world.release(world.load(a))
    world.clock.advance(9_999)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('the ttl counts from the last release, not from readiness', () => {
    const world = timed()
    const client = world.load(a)
    world.clock.advance(8_000)
    world.release(client)
    world.clock.advance(9_999)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('the ttl counts from readiness when the only client left during the load', () => {
    const world = timed()
    world.cancel(world.request(a))
    world.clock.advance(30_000)
    world.ready(a)
    world.clock.advance(9_999)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('the ttl of an earlier life does not shorten a later one', () => {
    const world = timed()
    world.release(world.load(a))
    world.clock.advance(6_000)
    world.unload(a)
    world.obey(a)
    world.release(world.load(a))
    world.clock.advance(9_999)
    expect(world.stateOf(a)).toBe('ready')
  })

  test('a response that outlives many ttls is never cut', () => {
    const world = timed()
    const client = world.load(a)
    world.clock.advance(3_600_000)
    expect(world.stateOf(a)).toBe('ready')
    world.release(client)
    world.clock.advance(10_000)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('a request that arrives first wins; one that arrives during the stop waits for it and loads the model again', () => {
    const world = timed()
    world.release(world.load(a))
    world.clock.advance(9_999)
    const first = world.request(a)
    world.clock.advance(1)
    expect([first.answer, world.stateOf(a)]).toEqual(['served', 'ready'])
    world.release(first)
    world.clock.advance(10_000)
    const second = world.request(a)
    expect([second.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
    world.obey(a)
    world.ready(a)
    expect(second.answer).toBe('served')
  })

  test('a ttl longer than any timer of the platform is kept by winding it again', () => {
    const month = 31 * 24 * 3_600_000
    const world = new World(settings('a', { all: { ttlMs: month } }))
    world.release(world.load(a))
    world.clock.advance(month - 1)
    expect(world.stateOf(a)).toBe('ready')
    world.clock.advance(1)
    expect(world.stateOf(a)).toBe('stopping')
  })
})

describe('failure (scheduling §6)', () => {
  test('a child that dies while starting fails everyone who waits, with its exit', () => {
    const world = new World(settings('a'))
    const clients = [world.request(a), world.request(a)]
    world.exit(a, { type: 'exited', code: 3 })
    const failure = { type: 'exit', exit: { type: 'exited', code: 3 } }
    for (const { refusal } of clients) expect(refusal).toEqual({ reason: 'model failed', failure, retryAfterMs: 1_000 })
  })

  test('a child that is not ready by its deadline is stopped, and its clients are told', () => {
    const world = new World(settings('a', { all: { healthCheckTimeoutMs: 15_000 } }))
    const client = world.request(a)
    world.clock.advance(15_000)
    expect([client.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
    world.obey(a)
    expect(client.refusal).toMatchObject({ reason: 'model failed', failure: { type: 'unready', afterMs: 15_000 } })
  })

  test('consecutive failures back off from one second to sixty, and meanwhile nothing is spawned', () => {
    const world = new World(settings('a'))
    const waits: number[] = []
    for (let failure = 0; failure < 8; failure++) {
      const client = world.request(a)
      world.exit(a)
      if (client.refusal?.reason === 'model failed') waits.push(client.refusal.retryAfterMs)
      expect(world.request(a).refusal?.reason).toBe('model failed')
      expect(world.children.size).toBe(0)
      world.clock.advance(waits.at(-1) ?? 0)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  test.each([
    ['a success', (world: World) => world.clock.advance(1_000)],
    ['an unload', (world: World) => world.unload(a)],
  ])('%s ends the back-off', (_what, forgive) => {
    const world = new World(settings('a'))
    world.request(a)
    world.exit(a)
    forgive(world)
    expect(world.load(a).answer).toBe('served')
  })

  test('a model that dies while ready is started again by the next request, at once', () => {
    const world = new World(settings('a'))
    world.release(world.load(a))
    world.exit(a)
    expect(world.stateOf(a)).toBe('stopped')
    expect(world.load(a).answer).toBe('served')
  })

  test('a victim that cannot be stopped fails the swap and says who it was; the next request tries again', () => {
    const world = new World(settings('ab'))
    world.release(world.load(a))
    const client = world.request(b)
    world.clock.advance(60_000)
    expect(client.refusal).toEqual({ reason: 'stop failed', victim: a })
    const next = world.request(b)
    expect([next.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
    world.obey(a)
    world.ready(b)
    expect(next.answer).toBe('served')
  })
})

describe('shutdown (scheduling §8)', () => {
  test('who waits is refused, who is served may finish, and then everything stops', () => {
    const world = new World(
      settings('abc', { groups: [group('ab'), group('c', { exclusive: false, persistent: true })] }),
    )
    const served = world.load(a)
    const waiting = world.request(b)
    world.release(world.load(id('c')))
    world.shutDown()
    expect(waiting.refusal).toEqual({ reason: 'shutting down' })
    expect(world.request(a).refusal).toEqual({ reason: 'shutting down' })
    expect([world.stateOf(a), world.stateOf(id('c'))]).toEqual(['ready', 'ready'])
    world.release(served)
    expect([world.stateOf(a), world.stateOf(id('c'))]).toEqual(['stopping', 'stopping'])
    world.obey(a)
    world.obey(id('c'))
    expect(world.shutdownDone).toEqual([])
  })

  test('responses that outlast the budget are cut', () => {
    const world = new World(settings('a'))
    world.load(a)
    world.shutDown(30_000)
    world.clock.advance(30_000)
    expect(world.children.get(a)?.graceMs).toBe(1)
  })

  test('what is left of the budget is the grace of the processes', () => {
    const world = new World(settings('a'))
    const client = world.load(a)
    world.shutDown(30_000)
    world.clock.advance(12_000)
    world.release(client)
    expect(world.children.get(a)?.graceMs).toBe(18_000)
  })

  test('with nothing loaded it is done at once', () => {
    const world = new World(settings('a'))
    world.shutDown()
    expect(world.shutdownDone).toEqual([])
  })
})
