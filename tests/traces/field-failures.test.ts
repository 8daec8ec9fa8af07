import { expect, test } from 'vitest'
import { watch } from '../support/invariants.ts'
import { group, id, settings } from '../support/settings.ts'
import { traceOf } from '../support/trace.ts'
import { World } from '../support/world.ts'

/*
 * Event sequences that hung, leaked or killed systems like this one in the field (scheduling §9), each kept as a trace that
 * is called by what it once broke. `npm run traces` writes them anew. Four rows of the page never reach the actors, or only
 * in part, and are under `tests/server`: the log reader that is slow, what is written after the client left, the second
 * server on a port, and the grandchild that holds the pipes, of which here is only that the wait for it is bounded.
 */

/** What crossed the edge of the actor system is what the file says. */
async function keep(world: World, name: string): Promise<void> {
  await expect(traceOf(world.lines, world.settings)).toMatchFileSnapshot(`./${name}.jsonl`)
}

const [a, b, c] = [id('a'), id('b'), id('c')]

test('stale completion: the outcome of an earlier load does not settle a later one', async () => {
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
  await keep(world, 'stale-completion')
})

test('lost completion: a request during an idle stop has its load all the same', async () => {
  const world = new World(settings('a', { all: { ttlMs: 1_000 } }))
  world.release(world.load(a))
  world.clock.advance(1_000)
  const client = world.request(a)
  world.obey(a)
  world.ready(a)
  expect(client.answer).toBe('served')
  await keep(world, 'lost-completion')
})

test('lost stop: two requests at once in one seat never have two children alive', async () => {
  const world = new World(settings('ab'))
  const check = watch(world)
  world.request(a)
  world.request(b)
  check()
  expect([...world.children.keys()]).toEqual([a])
  await keep(world, 'lost-stop')
})

test('check, then act: the lease is counted in the step that grants it', async () => {
  const world = new World(settings('ab'))
  world.release(world.load(a))
  const check = watch(world)
  world.request(a)
  world.request(b)
  check()
  expect(world.stateOf(a)).toBe('ready')
  await keep(world, 'check-then-act')
})

test('ignored in starting: a model that is still loading keeps its place', async () => {
  const world = new World(settings('ab'))
  world.request(a)
  world.request(b)
  expect(world.stateOf(b)).toBe('stopped')
  await keep(world, 'ignored-in-starting')
})

test('leaked lease: a grant for a client that has left is given back at once', async () => {
  const world = new World(settings('ab'))
  const client = world.request(a)
  client.answer = 'cancelled'
  world.ready(a)
  expect(world.ledger.models[0]?.leases).toEqual([])
  await keep(world, 'leaked-lease')
})

test('livelock: every swap serves somebody before the next one drains it', async () => {
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
  await keep(world, 'livelock')
})

test('two victims: of two that want one place the second is decided again, and served', async () => {
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
  await keep(world, 'two-victims')
})

test('victim busy again: a victim that was chosen is not granted before it stops', async () => {
  const world = new World(settings('ab'))
  world.release(world.load(a))
  world.request(b)
  const again = world.request(a)
  expect([again.answer, world.stateOf(a)]).toEqual(['waiting', 'stopping'])
  await keep(world, 'victim-busy-again')
})

test('retry storm: eager clients of a crashing model cause one spawn for each back-off, not one each', async () => {
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
  await keep(world, 'retry-storm')
})

test('stop unheard while loading: a load is ended while it loads, not after', async () => {
  const world = new World(settings('ab', { groups: [group('ab')] }))
  world.request(a)
  world.unload(a)
  expect(world.children.get(a)?.graceMs).toBe(10_000)
  await keep(world, 'stop-unheard-while-loading')
})

test('load, unload, load again: the second load is its own', async () => {
  const world = new World(settings('a'))
  const first = world.request(a)
  world.unload(a)
  const second = world.request(a)
  world.exit(a, { type: 'killed', signal: 'SIGTERM' })
  expect([first.answer, second.answer]).toEqual(['refused', 'waiting'])
  world.ready(a)
  expect(second.answer).toBe('served')
  await keep(world, 'load-unload-load-again')
})

test('waiting inside a handler: the unload of one model is under way, and the next request for another is granted', async () => {
  const apart = [group('a', { exclusive: false }), group('b', { exclusive: false })]
  const world = new World(settings('ab', { groups: apart }))
  world.load(a)
  world.release(world.load(b))
  const unload = world.unload(a)
  expect(world.request(b).answer).toBe('served')
  expect(world.unloads.get(unload)).toBeNull()
  world.obey(a)
  expect(world.unloads.get(unload)).toEqual([])
  await keep(world, 'waiting-inside-a-handler')
})

test('load owned by a client: the first one leaves, and the load goes on for the second', async () => {
  const world = new World(settings('ab'))
  const [first, second] = [world.request(a), world.request(a)]
  world.request(b)
  world.cancel(first)
  world.ready(a)
  expect([first.answer, second.answer]).toEqual(['cancelled', 'served'])
  await keep(world, 'load-owned-by-a-client')
})

test('idle clock from the wrong moment: a ttl begins with readiness or the last release, in each life anew', async () => {
  const world = new World(settings('a', { all: { ttlMs: 10_000 } }))
  const first = world.request(a)
  world.clock.advance(9_000)
  world.ready(a)
  world.clock.advance(9_000)
  world.release(first)
  world.clock.advance(9_999)
  expect(world.stateOf(a)).toBe('ready')
  world.unload(a)
  world.obey(a)
  world.release(world.load(a))
  world.clock.advance(9_999)
  expect(world.stateOf(a)).toBe('ready')
  world.clock.advance(1)
  expect(world.stateOf(a)).toBe('stopping')
  await keep(world, 'idle-clock-from-the-wrong-moment')
})

test('late 429: who is one too many is told at once, before anything is granted', async () => {
  const world = new World(settings('a', { all: { concurrencyLimit: 1 } }))
  const first = world.request(a)
  const second = world.request(a)
  expect([first.answer, second.refusal]).toEqual(['waiting', { reason: 'concurrency limit', limit: 1 }])
  world.ready(a)
  expect([first.answer, world.request(a).answer]).toEqual(['served', 'refused'])
  await keep(world, 'late-429')
})

test('cancelled loads: a queued request whose client left causes no load later', async () => {
  const world = new World(settings('ab'))
  const first = world.load(a)
  world.cancel(world.request(b))
  world.release(first)
  expect([world.stateOf(a), world.stateOf(b)]).toEqual(['ready', 'stopped'])
  await keep(world, 'cancelled-loads')
})

test('write after close: whoever left while its model loaded is answered nothing', async () => {
  const world = new World(settings('a'))
  const client = world.request(a)
  world.cancel(client)
  world.ready(a)
  expect([client.answers, world.stateOf(a)]).toEqual([0, 'ready'])
  await keep(world, 'write-after-close')
})

test('wrapper scripts: a process that never seems to end fails the swap in bounded time, and the next request tries again', async () => {
  const world = new World(settings('ab'))
  world.release(world.load(a))
  const waiting = world.request(b)
  world.clock.advance(60_000)
  expect([waiting.refusal, world.stateOf(a)]).toEqual([{ reason: 'stop failed', victim: a }, 'stuck'])
  const next = world.request(b)
  world.obey(a)
  world.ready(b)
  expect(next.answer).toBe('served')
  await keep(world, 'wrapper-scripts')
})

test('hot prototype: a model that is called like a property of every object is unknown like any other', async () => {
  const world = new World(settings('a'))
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(world.request(id(name)).refusal).toEqual({ reason: 'unknown model' })
  }
  await keep(world, 'hot-prototype')
})
