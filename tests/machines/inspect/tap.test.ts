import { expect, test } from 'vitest'
import type { Frame } from '../../../machines/inspect/frames.ts'
import { Tap } from '../../../machines/inspect/tap.ts'
import { id, settings } from '../../support/settings.ts'
import { World } from '../../support/world.ts'

const [a, b] = [id('a'), id('b')]

function tapped(): { world: World; tap: Tap; news: () => number } {
  const world = new World(settings('ab'))
  let news = 0
  const tap = new Tap(
    world.engine.root,
    () => world.clock.now(),
    () => {
      news++
    },
  )
  world.engine.root.system.inspect((inspected) => tap.note(inspected))
  return { world, tap, news: () => news }
}

/** The states that an actor is told to have been in, in order. */
function statesOf(frames: readonly Frame[], actor: string): readonly unknown[] {
  return frames.flatMap((frame) =>
    frame.type === '@xstate.snapshot' && frame.sessionId === actor ? [frame.snapshot.value] : [],
  )
}

test('every state that an actor passes is told, however quickly it passes it', () => {
  const { world, tap } = tapped()
  world.release(world.load(a))
  world.load(b)
  const { frames } = tap.gather()
  expect(statesOf(frames, 'process.a')).toEqual([
    { alive: 'starting' },
    { alive: { ready: 'kept' } },
    { alive: 'stopping' },
    'stopped',
  ])
  expect(statesOf(frames, 'swap.b').slice(0, 2)).toEqual(['clearing', 'loading'])
})

test('what an actor remembers is told once in each gathering, as it is in the end', () => {
  const { world, tap } = tapped()
  world.release(world.load(a))
  tap.gather()
  const clients = Array.from({ length: 9 }, () => world.request(a))
  clients.slice(1).forEach((client) => {
    world.release(client)
  })
  const { frames } = tap.gather()
  const ledgers = frames.filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === 'scheduler')
  expect(ledgers).toHaveLength(1)
  expect(JSON.stringify(ledgers)).toContain('"leases":[2]')
  expect(tap.gather()).toEqual({ frames: [], skipped: 0 })
})

test('an actor is told of before anything that happens to it, and has left when its last state is told', () => {
  const { world, tap } = tapped()
  world.release(world.load(a))
  const { frames } = tap.gather()
  const about = frames.filter(({ sessionId }) => sessionId === 'swap.a')
  expect(about[0]).toMatchObject({ type: '@xstate.actor', parentId: 'router' })
  expect(about.at(-1)).toMatchObject({ type: '@xstate.snapshot', snapshot: { status: 'stopped' } })
})

test('it tells of everyone who is there, parents first, and that there is news', () => {
  const { world, tap, news } = tapped()
  expect(tap.present().map(({ sessionId }) => sessionId)).toEqual(['router', 'scheduler', 'process.a', 'process.b'])
  expect(news()).toBe(0)
  world.request(a)
  expect(news()).toBeGreaterThan(0)
  expect(tap.present().map(({ sessionId }) => sessionId)).toEqual([
    'router',
    'scheduler',
    'process.a',
    'child.a',
    'readiness.a',
    'process.b',
    'swap.a',
  ])
})
