import { expect, test } from 'vitest'
import { inWords } from '../../ui/inspect/ledger/words.ts'
import { id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const [a, b] = [id('a'), id('b')]
const said = (world: World) => {
  const { models, swaps, queue, unloads } = inWords(world.ledger, world.clock.now())
  const lines = (list: readonly { name: string; text: string }[]) => list.map(({ name, text }) => `${name}: ${text}`)
  return { models: lines(models), swaps: lines(swaps), queue: lines(queue), unloads: lines(unloads) }
}

test('at rest every model is told, and nobody waits', () => {
  const world = new World(settings('ab'))
  expect(said(world)).toEqual({ models: ['a: stopped', 'b: stopped'], swaps: [], queue: [], unloads: [] })
})

test('a queued request is told with what it waits for, and a resting model with how long it may', () => {
  const world = new World(settings('ab', { all: { ttlMs: 60_000 } }))
  const served = world.load(a)
  world.clock.advance(3_000)
  world.request(b)
  world.clock.advance(4_000)
  expect(said(world).models[0]).toBe('a: ready for 7.0 s · serves 1')
  expect(said(world).queue).toEqual(['b: request 2, for 4.0 s · a must stop, and still serves'])

  world.release(served)
  expect(said(world).swaps).toEqual(['b: swap 2 for request 2 · stops a'])
  world.request(a)
  expect(said(world).queue).toEqual(['a: request 3, for 0.0 s · swap 2 to b comes first'])

  world.obey(a)
  world.ready(b)
  world.unload(b)
  expect(said(world).unloads).toEqual(['b: is being unloaded, and somebody waits for the end of it'])
})

test('a resting model is told with how long it may', () => {
  const world = new World(settings('ab', { all: { ttlMs: 60_000 } }))
  world.release(world.load(a))
  world.clock.advance(12_000)
  expect(said(world).models[0]).toBe('a: ready for 12 s · rests for 12 s of 1 m 0 s')
})

test('a model that does not start is told with when it is tried again', () => {
  const world = new World(settings('ab'))
  world.request(a)
  world.exit(a)
  expect(said(world).models[0]).toBe('a: stopped · failed once, tried again in 1.0 s')
})
