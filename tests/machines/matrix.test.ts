import { describe, expect, test } from 'vitest'
import { watch } from '../support/invariants.ts'
import { matrixOf } from '../support/matrix.ts'
import { id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

/* How the scheduler goes about swaps when a matrix says who may run together (config §12). */

const [a, b, c, d] = [id('a'), id('b'), id('c'), id('d')]

function worldOf(names: string, block: string, options: Parameters<typeof settings>[1] = {}): World {
  const matrix = matrixOf(names.split('').join(' '), block)
  return new World(settings(names, { ...options, router: { use: 'matrix', ...matrix } }))
}

test('models of one set load side by side', () => {
  const world = worldOf('abc', 'sets: {all: a & b & c}')
  for (const model of [a, b, c]) world.request(model)
  expect([...world.children.keys()]).toEqual([a, b, c])
})

test('a third that fits with each of two, and not with both, waits while they load', () => {
  const world = worldOf('abc', 'sets: {one: a & b, two: b & c, three: a & c}')
  const check = watch(world)
  for (const model of [a, b]) world.request(model)
  const third = world.request(c)
  expect([...world.children.keys()]).toEqual([a, b])
  for (const model of [a, b]) {
    world.ready(model)
    check()
  }
  expect([third.answer, world.stateOf(a), world.stateOf(b)]).toEqual(['waiting', 'ready', 'ready'])
  for (const client of world.served(b)) world.release(client)
  for (const client of world.served(a)) world.release(client)
  check()
  world.obey(a)
  world.ready(c)
  check()
  expect([third.answer, world.stateOf(b)]).toEqual(['served', 'ready'])
})

test('a victim that is still stopping counts: what does not fit beside it does not start', () => {
  const world = worldOf('abc', 'sets: {one: a, two: b & c}')
  const check = watch(world)
  world.release(world.load(a))
  world.request(b)
  world.request(c)
  check()
  expect([...world.children.keys()]).toEqual([a])
  world.obey(a)
  world.ready(b)
  check()
  expect([...world.children.keys()]).toEqual([b, c])
})

test('only what the cheapest set has no room for is stopped', () => {
  const world = worldOf('abcd', 'sets: {one: d & (a | b), two: d & c}\nevict_costs: {b: 3}')
  const kept = worldOf('abcd', 'sets: {loose: a & b & c, one: d & (a | b), two: d & c}\nevict_costs: {b: 3}')
  for (const model of [a, b, c]) kept.release(kept.load(model))
  kept.request(d)
  expect([a, b, c].map((model) => kept.stateOf(model))).toEqual(['stopping', 'ready', 'stopping'])
  expect(world.load(d).answer).toBe('served')
})

test('a model of no set runs alone', () => {
  const world = worldOf('abc', 'sets: {pair: a & b}')
  for (const model of [a, b]) world.release(world.load(model))
  const lone = world.load(c)
  expect([lone.answer, world.stateOf(a), world.stateOf(b)]).toEqual(['served', 'stopped', 'stopped'])
  expect(world.request(a).answer).toBe('waiting')
})

describe('a reload that parts models which run together (config §14.3)', () => {
  function parted() {
    const world = worldOf('ab', 'sets: {pair: a & b}')
    for (const model of [a, b]) world.release(world.load(model))
    const check = watch(world)
    world.reload({
      ...world.settings,
      routing: { ...world.settings.routing, router: { use: 'matrix', ...matrixOf('a b', 'sets: {one: a, two: b}') } },
    })
    return { world, check }
  }

  test('stops nobody, and who is ready is served', () => {
    const { world } = parted()
    expect([world.request(a).answer, world.request(b).answer]).toEqual(['served', 'served'])
  })

  test('has a model that is on its way out come back as if it were new: what does not fit beside it is stopped', () => {
    const { world, check } = parted()
    world.unload(a)
    const client = world.request(a)
    expect([world.stateOf(a), world.stateOf(b)]).toEqual(['stopping', 'stopping'])
    world.obey(a)
    check()
    expect(world.children.has(a)).toBe(false)
    world.obey(b)
    world.ready(a)
    check()
    expect(client.answer).toBe('served')
  })
})

test('a load that would cost the oldest request another victim waits for its turn', () => {
  // d fits beside b, or beside the costly c: once c runs, b has to go as well as a.
  const world = worldOf('abcd', 'sets: {d_one: d & b | d & c, rest: a & b & c}\nevict_costs: {c: 5}', {
    maxWaitMs: 1_000,
  })
  const [first] = [world.load(a), world.load(b)]
  const elder = world.request(d)
  world.clock.advance(1_000)
  const late = world.request(c)
  expect([elder.answer, late.answer, world.stateOf(c)]).toEqual(['waiting', 'waiting', 'stopped'])
  world.release(first)
  world.obey(a)
  world.ready(d)
  expect([elder.answer, world.stateOf(b)]).toEqual(['served', 'ready'])
})

test('before the oldest request has waited so long, the same load goes ahead', () => {
  const world = worldOf('abcd', 'sets: {d_one: d & b | d & c, rest: a & b & c}\nevict_costs: {c: 5}', {
    maxWaitMs: 1_000,
  })
  for (const model of [a, b]) world.load(model)
  world.request(d)
  world.request(c)
  expect(world.stateOf(c)).toBe('starting')
})
