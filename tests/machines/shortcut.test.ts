import { expect, test } from 'vitest'
import { createActor, fromCallback } from 'xstate'
import type { ChildEvent, ChildStop, Life } from '../../machines/child.ts'
import type { SchedulerEvent } from '../../machines/events.ts'
import type { RequestId, UnloadId } from '../../machines/ids.ts'
import { processMachine } from '../../machines/process.ts'
import { routerMachine } from '../../machines/router.ts'
import { withShortcuts } from '../../machines/shortcut.ts'
import { inspectMessages, type Message } from '../../machines/trace/messages.ts'
import { id, settings } from '../support/settings.ts'

const [a, b] = [id('a'), id('b')]
const request = (number: number, model = a) => ({ request: number as RequestId, model, at: number })

/** Two models that swap, one after the other; then an unload, a reload and the end. */
const history: readonly SchedulerEvent[] = [
  { type: 'request', ...request(1) },
  { type: 'request', ...request(2, b) },
  { type: 'request', ...request(3, b) },
  { type: 'request.cancel', request: 2 as RequestId, at: 4 },
  { type: 'serve.done', ...request(1) },
  { type: 'serve.done', ...request(3, b) },
  { type: 'unload', unload: 1 as UnloadId, models: [b], at: 7 },
  { type: 'config.changed', settings: settings('a'), at: 8 },
  { type: 'request', ...request(4) },
  { type: 'shutdown', budgetMs: 0, at: 9 },
  { type: 'request', ...request(5) },
]

const child = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack, receive }) => {
  const say = (event: object) => sendBack({ model, swap, at: 0, ...event } as ChildEvent)
  receive(() => say({ type: 'child.exited', exit: { type: 'exited', code: 0 } }))
  say({ type: 'child.spawned', pid: 1 })
})
const readiness = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack }) =>
  sendBack({ type: 'child.ready', model, swap, at: 0 }),
)
const router = routerMachine.provide({ actors: { process: processMachine.provide({ actors: { child, readiness } }) } })

/** All that goes from actor to actor, by the actors' names, and all that is announced, when these things happen. */
function happenings(machine: typeof routerMachine) {
  const told: (Message | object)[] = []
  const actor = createActor(machine, {
    id: 'router',
    input: { settings: settings('ab') },
    clock: { setTimeout: () => 0, clearTimeout() {} },
    inspect: inspectMessages(
      // What an actor begins with refers to others.
      (message) => message.event.type.startsWith('xstate.') || told.push(message),
      (fault) => expect.unreachable(String(fault)),
    ),
  })
  actor.on('*', (event) => told.push({ announced: event }))
  actor.start()
  for (const event of history) actor.send(event)
  actor.stop()
  return told
}

test('what takes the short way is told to the same, by the same, in the same order', () => {
  const told = happenings(withShortcuts(router))
  expect(told).toEqual(happenings(router))
  expect(told.length).toBeGreaterThan(60)
})

/** The types of the events that the machine is asked of, with this transition for an unload. */
function asked(unload: object): ReadonlySet<string> {
  const types = new Set<string>()
  const { transitions } = router.root
  const changed = Object.assign({}, transitions.get('unload')![0], unload)
  const root = Object.assign(Object.create(router.root), {
    transitions: new Map(transitions).set('unload', [changed]),
  })
  const transition: typeof router.transition = (snapshot, event, scope) => {
    types.add(event.type)
    return router.transition(snapshot, event, scope)
  }
  happenings(withShortcuts(Object.assign(Object.create(router), { root, transition })))
  return types
}

test('the machine is asked of all but what it would only pass on', () => {
  const more = [
    'config.changed',
    'grant.error',
    'grant.serve',
    'request',
    'request.cancel',
    'serve.done',
    'unload.done',
  ]
  expect([...more, 'unload'].filter((type) => asked({}).has(type))).toEqual([])
  expect(asked({})).toContain('swap.start')
})

test.each([{ guard: () => true }, { target: [router.root] }, { actions: ['tellScheduler', 'announce'] }])(
  'a transition that does more takes the long way: %o',
  (more) => {
    expect(asked(more)).toContain('unload')
  },
)
