import { expect, test } from 'vitest'
import { Engine } from '../../machines/engine.ts'
import type { RequestId } from '../../machines/ids.ts'
import type { Outside } from '../../machines/outside.ts'
import { SimulatedClock } from '../../machines/trace/clock.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { id, settings } from '../support/settings.ts'
import { World } from '../support/world.ts'

const [a, b] = [id('a'), id('b')]

/** An engine whose children say at once that they are spawned and ready. */
function instant(witness: { input(input: Input): void; output(output: Output): void }) {
  const faults: unknown[] = []
  const outside: Outside = {
    clock: new SimulatedClock(),
    start: (life, say) => {
      say({ type: 'child.spawned', ...life, pid: 1, at: 0 })
      return { stop: () => say({ type: 'child.exited', ...life, exit: { type: 'exited', code: 0 }, at: 0 }), kill() {} }
    },
    probe: (life, say) => {
      say({ type: 'child.ready', ...life, at: 0 })
      return () => {}
    },
  }
  const onFault = (fault: unknown) => faults.push(fault)
  const engine = new Engine(settings('ab'), outside, { witness, onFailure: onFault, onFault })
  engine.start()
  return { engine, faults }
}

const request = (number: number, model = a) => ({
  type: 'request' as const,
  request: number as RequestId,
  model,
  at: 0,
})

test('an input that an output causes waits until everything that went before is worked off', () => {
  const types: string[] = []
  const note = ({ type }: Input | Output) => types.push(type)
  const { engine } = instant({ input: note, output: note })
  engine.onReply((reply) => {
    if (reply.type === 'grant.serve') engine.send({ ...reply, type: 'serve.done', at: 0 })
  })
  engine.send(request(1))
  expect(types).toEqual([
    ...['request', 'swap.start', 'child.start', 'child.probe'],
    'child.spawned',
    ...['child.ready', 'grant.serve'],
    'serve.done',
  ])
})

test('a witness that throws is told of, and changes nothing', () => {
  const fail = () => {
    throw new Error('no room')
  }
  const { engine, faults } = instant({ input: fail, output: fail })
  engine.send(request(1))
  expect(engine.ledger().models[0]?.leases).toEqual([1])
  expect(faults.length).toBeGreaterThan(5)
})

test('a timer that rings is an input, with the name of its actor and of its delay', () => {
  const world = new World(settings('ab', { all: { ttlMs: 10_000 } }))
  world.release(world.load(a))
  world.release(world.load(b))
  expect(world.engine.checkpoint().timers).toEqual([{ actor: 'process.b', delay: 'idleTime', due: 10_000 }])
  world.clock.advance(10_000)
  expect(world.lines.filter(({ type }) => type === 'timer')).toEqual([
    { type: 'timer', actor: 'process.b', delay: 'idleTime', at: 10_000 },
  ])
})

test('a timer can be rung before its time, and one that does not run cannot', () => {
  const world = new World(settings('a', { all: { ttlMs: 10_000 } }))
  world.release(world.load(a))
  expect(world.engine.ring('process.a', 'healthDeadline')).toBe(false)
  expect(world.engine.ring('process.a', 'idleTime')).toBe(true)
  expect(world.engine.checkpoint().timers.map(({ delay }) => delay)).toEqual(['stopDeadline'])
})
