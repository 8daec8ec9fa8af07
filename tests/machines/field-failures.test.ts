import { expect, test } from 'vitest'
import { watch } from '../support/invariants.ts'
import { group, id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

/* Event sequences that hung, leaked or killed systems like this one in the field (scheduling §9). Others of them are under `tests/process` and `tests/server`. */

const [a, b, c] = [id('a'), id('b'), id('c')]

test('stale completion: the outcome of an earlier load does not settle a later one', () => {
  const world = new World(settings('a'))
  world.request(a)
  const [start] = world.commands('swap.start')
  world.unload(a)
  const client = world.request(a)
  world.send({ type: 'swap.done', swap: start!.swap, target: a, outcome: { type: 'ready' }, at: 1 })
  expect(client.answer).toBe('waiting')
  world.obey(a)
  world.ready(a)
  expect(client.answer).toBe('served')
})

test('lost completion: a request during an idle stop has its load all the same', () => {
  const world = new World(settings('a', { all: { ttlMs: 1_000 } }))
  world.release(world.load(a))
  world.clock.advance(1_000)
  const client = world.request(a)
  world.obey(a)
  world.ready(a)
  expect(client.answer).toBe('served')
})

test('lost stop: two requests at once in one seat never have two children alive', () => {
  const world = new World(settings('ab'))
  const check = watch(world)
  world.request(a)
  world.request(b)
  check()
  expect([...world.children.keys()]).toEqual([a])
})

test('check, then act: the lease is counted in the step that grants it', () => {
  const world = new World(settings('ab'))
  world.release(world.load(a))
  const check = watch(world)
  world.request(a)
  world.request(b)
  check()
  expect(world.stateOf(a)).toBe('ready')
})

test('ignored in starting: a model that is still loading keeps its place', () => {
  const world = new World(settings('ab'))
  world.request(a)
  world.request(b)
  expect(world.stateOf(b)).toBe('stopped')
})

test('leaked lease: a grant for a client that has left is given back at once', () => {
  const world = new World(settings('ab'))
  const client = world.request(a)
  client.answer = 'cancelled'
  world.ready(a)
  expect(world.ledger.models[0]?.leases).toEqual([])
})

test('livelock: every swap serves somebody before the next one drains it', () => {
  const world = new World(settings('ab', { maxWaitMs: 1 }))
  const check = watch(world)
  for (let round = 0; round < 20; round++) {
    world.request(a)
    world.request(b)
    world.clock.advance(10)
    for (const client of world.served()) world.release(client)
    for (const model of [a, b]) {
      world.obey(model)
      world.ready(model)
      check()
    }
  }
  expect(world.clients.filter(({ answer }) => answer === 'released').length).toBeGreaterThan(20)
})

test('two victims: of two that want one place the second is decided again, and served', () => {
  const world = new World(settings('abc'))
  const held = world.load(a)
  const [second, third] = [world.request(b), world.request(c)]
  world.release(held)
  for (const model of [a, b]) {
    world.obey(model)
    world.ready(b)
    for (const client of world.served()) world.release(client)
  }
  world.ready(c)
  expect([second.answer, third.answer]).toEqual(['released', 'served'])
})

test('victim busy again: a victim that was chosen is not granted before it stops', () => {
  const world = new World(settings('ab'))
  world.release(world.load(a))
  world.request(b)
  const again = world.request(a)
  expect([again.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
})

test('retry storm: eager clients of a crashing model cause one spawn for each back-off, not one each', () => {
  const world = new World(settings('a', { all: { concurrencyLimit: 1_000 } }))
  let spawns = 0
  world.onSpawn = () => {
    spawns++
  }
  for (let request = 0; request < 500; request++) {
    world.request(a)
    world.exit(a)
    world.clock.advance(10)
  }
  expect(spawns).toBe(3)
})

test('stop in starting: a load is ended while it loads, not after', () => {
  const world = new World(settings('ab', { groups: [group('ab')] }))
  world.request(a)
  world.unload(a)
  expect(world.children.get(a)?.graceMs).toBe(10_000)
})

test('load, unload, load again: the second load is its own', () => {
  const world = new World(settings('a'))
  const first = world.request(a)
  world.unload(a)
  const second = world.request(a)
  world.exit(a, { type: 'killed', signal: 'SIGTERM' })
  expect([first.answer, second.answer]).toEqual(['refused', 'waiting'])
  world.ready(a)
  expect(second.answer).toBe('served')
})
