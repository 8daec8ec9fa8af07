import { describe, expect, test } from 'vitest'
import { group, id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const [a, b, c] = [id('a'), id('b'), id('c')]

/** Releases, obeys and readies until nothing moves, and tells in which order requests were served. */
function drain(world: World): string {
  const order: string[] = []
  for (let round = 0; round < 50; round++) {
    for (const client of world.served()) {
      order.push(client.model)
      world.release(client)
    }
    for (const child of [...world.children.values()]) {
      world.obey(child.model)
      world.ready(child.model)
    }
  }
  return order.join('')
}

describe('what becomes of a request (scheduling §2)', () => {
  test('requests that arrive as a b c a b c are served as a a b b c c', () => {
    const world = new World(settings('abc'))
    for (const model of [a, b, c, a, b, c]) world.request(model)
    expect(drain(world)).toBe('aabbcc')
  })

  test('a higher priority goes first in the queue, and arrival order decides between equals', () => {
    const world = new World(settings('abcd', { each: { d: { priority: 5 } } }))
    for (const model of [a, b, c, id('d')]) world.request(model)
    expect(drain(world)).toBe('adbc')
  })

  test('a request for a ready model is granted within the call, whatever else is queued or loading', () => {
    const world = new World(
      settings('abc', { groups: [group('a', { exclusive: false, persistent: true }), group('bc')] }),
    )
    world.release(world.load(a))
    world.request(b)
    world.request(c)
    expect(world.request(a).answer).toBe('served')
  })

  test('models of groups that leave each other alone load side by side', () => {
    const world = new World(
      settings('ab', { groups: [group('a', { exclusive: false }), group('b', { exclusive: false })] }),
    )
    world.request(a)
    world.request(b)
    expect([...world.children.keys()]).toEqual([a, b])
  })

  test('a swap waits until the running responses of its victim have ended', () => {
    const world = new World(settings('ab'))
    const first = world.load(a)
    const second = world.request(b)
    expect([world.stateOf(a), second.answer]).toEqual(['ready', 'waiting'])
    world.release(first)
    expect(world.stateOf(a)).toBe('stopping')
  })

  test('a ready model of an exclusive group evicts a foreign model that came up beside it, and is not restarted', () => {
    const world = new World(settings('ab', { groups: [group('a'), group('b', { exclusive: false })] }))
    const held = world.load(a)
    const life = world.children.get(a)
    world.release(world.load(b))
    const client = world.request(a)
    expect([world.stateOf(b), client.answer]).toEqual(['stopping', 'waiting'])
    world.obey(b)
    expect([client.answer, held.answer, world.children.get(a)]).toEqual(['served', 'served', life])
  })

  test('one request more than the limit is refused at once: those that wait count as those that are served', () => {
    const world = new World(settings('ab', { all: { concurrencyLimit: 2 } }))
    world.load(a)
    world.request(a)
    expect(world.request(a).refusal).toEqual({ reason: 'concurrency limit', limit: 2 })
    const waiting = world.request(b)
    world.request(b)
    expect(world.request(b).refusal).toEqual({ reason: 'concurrency limit', limit: 2 })
    world.cancel(waiting)
    expect(world.request(b).answer).toBe('waiting')
  })

  test.each(['x', '__proto__', 'constructor', 'toString'])(
    'a model called %s that nobody configured is unknown',
    (name) => {
      expect(new World(settings('a')).request(id(name)).refusal).toEqual({ reason: 'unknown model' })
    },
  )
})

describe('cancel (scheduling §4)', () => {
  test('a queued request that was cancelled never causes a load', () => {
    const world = new World(settings('ab'))
    const first = world.load(a)
    world.cancel(world.request(b))
    world.release(first)
    expect([world.stateOf(a), world.stateOf(b)]).toEqual(['ready', 'stopped'])
  })

  test('a load that nobody waits for goes on while nobody needs its place', () => {
    const world = new World(settings('ab'))
    world.cancel(world.request(a))
    world.ready(a)
    expect(world.stateOf(a)).toBe('ready')
  })

  test('a load that nobody waits for is given up as soon as its place is needed', () => {
    const world = new World(settings('ab'))
    world.cancel(world.request(a))
    const other = world.request(b)
    expect(world.stateOf(a)).toBe('stopping')
    world.obey(a)
    world.ready(b)
    expect(other.answer).toBe('served')
  })

  test('the leaving of the first client does not end a load that others wait for', () => {
    const world = new World(settings('ab'))
    const [first, second, other] = [world.request(a), world.request(a), world.request(b)]
    world.cancel(first)
    expect(world.stateOf(a)).toBe('starting')
    world.ready(a)
    expect([second.answer, other.answer]).toEqual(['served', 'waiting'])
  })
})

describe('bounded waiting (scheduling §7)', () => {
  /** Clients of `a` that never let it rest, one released as the next arrives, for as long as `until` allows. */
  function keepBusy(world: World, until: () => boolean): number {
    for (let served = 1; served < 1000; served++) {
      world.clock.advance(1_000)
      const [oldest] = world.served(a)
      world.request(a)
      if (oldest) world.release(oldest)
      if (until()) return served
    }
    throw new Error('nothing came of it')
  }

  test('without a bound a busy model keeps the others out', () => {
    const world = new World(settings('ab', { maxWaitMs: 0 }))
    world.load(a)
    const other = world.request(b)
    expect(() => keepBusy(world, () => world.stateOf(a) !== 'ready')).toThrow('nothing came of it')
    expect(other.answer).toBe('waiting')
  })

  test('after maxWait the models in the way get no more grants, drain and make room', () => {
    const world = new World(settings('ab', { maxWaitMs: 60_000 }))
    world.load(a)
    const other = world.request(b)
    expect(keepBusy(world, () => world.stateOf(a) === 'stopping')).toBe(60)
    world.obey(a)
    world.ready(b)
    expect(other.answer).toBe('served')
  })

  test('a model that was just swapped in serves for minTenure before it can be displaced', () => {
    const world = new World(settings('ab', { maxWaitMs: 1_000, minTenureMs: 30_000 }))
    world.load(a)
    world.request(b)
    expect(keepBusy(world, () => world.stateOf(a) === 'stopping')).toBe(30)
  })

  test('whoever let the oldest request go first is not left waiting when that is refused', () => {
    const world = new World(settings('ab', { maxWaitMs: 500, each: { b: { priority: 5 } } }))
    world.request(a)
    world.exit(a)
    const unwanted = world.request(b)
    const oldest = world.request(a)
    world.cancel(unwanted)
    const other = world.request(b)
    world.clock.advance(500)
    world.obey(b)
    expect([oldest.refusal?.reason, other.answer, world.stateOf(b)]).toEqual(['model failed', 'waiting', 'starting'])
  })

  test('whoever let the oldest request go first is not left waiting when that is served', () => {
    const groups = [group('ab', { exclusive: false }), group('c')]
    const world = new World(settings('abc', { groups, maxWaitMs: 500, each: { a: { priority: 5 } } }))
    world.release(world.load(c))
    world.load(b)
    const oldest = world.request(c)
    world.clock.advance(500)
    const other = world.request(a)
    world.exit(b)
    expect([oldest.answer, other.answer, world.stateOf(a)]).toEqual(['served', 'waiting', 'starting'])
  })
})
