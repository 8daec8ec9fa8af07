import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../machines/policy/ledger.ts'
import { stalls } from '../../machines/policy/stalls.ts'
import { standingOf, standings } from '../../machines/policy/standing.ts'
import { group, id, settings } from '../support/settings.ts'
import { type Client, World } from '../support/world.ts'

const [a, b, c] = [id('a'), id('b'), id('c')]

/** Model, place, and what is in the way, in words. */
function told({ ledger }: World): readonly string[] {
  return standings(ledger).map(({ ticket, position, behind }) => {
    switch (behind?.type) {
      case 'load':
      case 'swap':
        return `${ticket.model} ${position} ${behind.type} ${behind.swap.target}`
      case 'busy':
        return `${ticket.model} ${position} busy ${behind.model}`
      case 'turn':
        return `${ticket.model} ${position} turn ${behind.ticket.model}`
      default:
        return `${ticket.model} ${position} nothing`
    }
  })
}

describe('where a request stands', () => {
  test('with its model on its way it has no place in the queue, and behind it each has the next', () => {
    const world = new World(settings('abc'))
    for (const model of [a, a, b, c]) world.request(model)
    expect(told(world)).toEqual(['a null load a', 'a null load a', 'b 1 swap a', 'c 2 swap a'])
  })

  test('a model that must stop and still serves is named', () => {
    const world = new World(settings('ab'))
    world.load(a)
    world.request(b)
    expect(told(world)).toEqual(['b 1 busy a'])
  })

  test('a request that may not overtake the oldest any more waits for its turn', () => {
    const world = new World(settings('ab', { maxWaitMs: 1_000 }))
    world.load(a)
    world.request(b)
    world.clock.advance(2_000)
    world.request(a)
    expect(told(world)).toEqual(['b 1 busy a', 'a 2 turn b'])
  })

  test('one request is found by its id, and not once it is served', () => {
    const world = new World(settings('ab'))
    const served = world.load(a)
    const queued = world.request(b)
    const at = ({ request }: Client) => standingOf(world.ledger, request)
    expect([at(served), at(queued)?.position, at(queued)?.ticket.at]).toEqual([undefined, 1, 0])
    world.release(served)
    world.obey(a)
    expect(at(queued)?.behind?.type).toBe('load')
  })
})

describe('what has stopped moving', () => {
  test('a request in the queue that nothing holds back is a stall (I7)', () => {
    const world = new World(settings('ab'))
    const forgetful: Ledger = { ...world.ledger, queue: [{ request: 1 as never, model: a, at: 0 }] }
    expect(stalls(forgetful, 0)).toMatchObject([{ type: 'forgotten', standing: { ticket: { model: a } } }])
  })

  test('a swap is overdue only after the stop of its victims, its load and the stop of a failed load together', () => {
    const tweaks = { unloadTimeoutMs: 3_000, healthCheckTimeoutMs: 20_000 }
    const world = new World(settings('ab', { groups: [group('ab')], all: tweaks }))
    world.release(world.load(a))
    world.request(b)
    const stopMs = 3_000 + 10_000
    const deadline = stopMs + 20_000 + stopMs + 5_000
    expect(stalls(world.ledger, deadline)).toEqual([])
    expect(stalls(world.ledger, deadline + 1)).toMatchObject([{ type: 'overdue', deadline, swap: { target: b } }])
  })
})
