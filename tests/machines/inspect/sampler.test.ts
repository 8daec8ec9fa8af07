import { expect, test } from 'vitest'
import type { Delivery } from '../../../machines/inspect/describe.ts'
import { Sampler } from '../../../machines/inspect/sampler.ts'

function event(sourceId: string | undefined, sessionId: string, type: string, request?: number): Delivery {
  return { sourceId, sessionId, event: { type, request } as Delivery['event'], at: 0 }
}

/** Everything that is said of a request that is served at once. */
function served(request: number): readonly Delivery[] {
  return [
    event(undefined, 'router', 'request', request),
    event('router', 'scheduler', 'request', request),
    event('scheduler', 'router', 'grant.serve', request),
    event(undefined, 'router', 'serve.done', request),
    event('router', 'scheduler', 'serve.done', request),
  ]
}

/** Delivers all of it at this time, and returns what is shown. */
function show(sampler: Sampler, deliveries: readonly Delivery[], at: number): readonly Delivery[] {
  return deliveries.flatMap((delivery) => sampler.take({ ...delivery, at })).map((shown) => ({ ...shown, at: 0 }))
}

const types = (shown: readonly Delivery[]) => shown.map(({ event }) => event.type)

test('of a few requests every event is shown', () => {
  const sampler = new Sampler()
  for (let request = 1; request <= 20; request++) {
    expect(show(sampler, served(request), request * 1_000)).toEqual(served(request))
  }
  expect(sampler.skipped()).toBe(0)
})

test('of many requests some are shown whole, and the events of the others are counted', () => {
  const sampler = new Sampler({ perSecond: 5, atOnce: 10 })
  const shown = Array.from({ length: 1_000 }, (_, i) => show(sampler, served(i), i * 2)).filter(
    ({ length }) => length > 0,
  )
  expect(shown.every(({ length }) => length === 5)).toBe(true)
  expect(shown.length).toBe(10 + 5 * 2 - 1)
  expect(sampler.skipped()).toBe((1_000 - shown.length) * 5)
  expect(sampler.skipped()).toBe(0)
})

test('a request that is not followed is shown all the same when it starts a swap', () => {
  const sampler = new Sampler({ perSecond: 0, atOnce: 0 })
  const cascade = [
    event(undefined, 'router', 'request', 7),
    event('router', 'scheduler', 'request', 7),
    event('scheduler', 'router', 'swap.start'),
  ]
  expect(show(sampler, cascade, 0)).toEqual(cascade)
  expect(sampler.skipped()).toBe(0)
})

test('a request that led to nothing is not blamed for what the world does next', () => {
  const sampler = new Sampler({ perSecond: 0, atOnce: 0 })
  show(sampler, [event(undefined, 'router', 'request', 7), event('router', 'scheduler', 'request', 7)], 0)
  for (const cause of [
    event('child.qwen', 'process.qwen', 'child.exited'),
    event('process.qwen', 'process.qwen', 'xstate.after.idleTime.process.alive.ready.timed'),
    event(undefined, 'router', 'unload'),
  ]) {
    expect(sampler.take(cause)).toEqual([cause])
  }
  expect(sampler.skipped()).toBe(2)
})

test('whoever was there before the sampler is shown only while there is little else to show', () => {
  const late = served(1).slice(3)
  expect(types(show(new Sampler(), late, 0))).toEqual(['serve.done', 'serve.done'])
  const busy = new Sampler({ perSecond: 5, atOnce: 10 })
  for (let request = 2; request < 10; request++) show(busy, served(request), 0)
  expect(show(busy, late, 0)).toEqual([])
  expect(show(busy, served(10), 0)).toEqual(served(10))
})

test('answers and withdrawals end the following of a request', () => {
  const sampler = new Sampler({ perSecond: 0, atOnce: 2 })
  const refused = [...served(1).slice(0, 2), event('scheduler', 'router', 'grant.error', 1)]
  expect(show(sampler, refused, 0)).toEqual(refused)
  const left = [
    ...served(2).slice(0, 2),
    event(undefined, 'router', 'request.cancel', 2),
    event('router', 'scheduler', 'request.cancel', 2),
  ]
  expect(show(sampler, left, 0)).toEqual(left)
  expect(show(sampler, served(1).slice(3), 0)).toEqual([])
  expect(show(sampler, served(2).slice(3), 0)).toEqual([])
})
