import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SchedulerEvent } from '../../machines/events.ts'
import type { Ledger } from '../../machines/policy/ledger.ts'
import { note } from '../../machines/policy/rules/process.ts'
import { adopt } from '../../machines/policy/rules/reload.ts'
import { consider, forget } from '../../machines/policy/rules/request.ts'
import { settle } from '../../machines/policy/rules/swap.ts'
import type { routerMachine } from '../../machines/router.ts'
import { histories, live, worlds } from '../support/history.ts'
import { mutant, type Rule } from '../support/mutant.ts'

/* A property that cannot fail proves nothing: each of these bugs, planted in a copy, must be caught. */

const nothing: Rule = (ledger) => [ledger, []]

/** As if nobody held anything. */
function blindToLeases(ledger: Ledger): Ledger {
  return { ...ledger, models: ledger.models.map((record) => ({ ...record, leases: [] })) }
}

/** As if nothing were alive. */
function blindToProcesses(ledger: Ledger): Ledger {
  const models = ledger.models.map((record) =>
    record.presence.state === 'ready'
      ? record
      : { ...record, presence: { state: 'stopped' as const, swap: record.presence.swap } },
  )
  return { ...ledger, models, swaps: ledger.swaps.map((swap) => ({ ...swap, evict: [] })) }
}

type Reload = SchedulerEvent & { type: 'config.changed' }

/** As if every process had been started with what its model's configuration says now. */
function blindToReloads(ledger: Ledger): Ledger {
  return { ...ledger, models: ledger.models.map((record) => ({ ...record, origin: record.settings })) }
}

const mutants: readonly [invariant: string, bug: string, router: typeof routerMachine][] = [
  [
    'I1',
    'an answer is given twice',
    mutant('settle', (ledger, event) => {
      const [next, commands] = settle(ledger, event)
      return [next, [...commands, ...commands.filter(({ type }) => type === 'grant.error')]]
    }),
  ],
  [
    'I1',
    'a waiter is lost when its swap fails',
    mutant('settle', (ledger, event: SchedulerEvent & { type: 'swap.done' }) => {
      const [next, commands] = settle(ledger, event)
      return [next, event.outcome.type === 'failed' ? [] : commands]
    }),
  ],
  ['I1', 'a cancelled request is granted all the same', mutant('forget', nothing)],
  [
    'I2',
    'a victim is chosen without a look at its leases',
    mutant('consider', (ledger, event) => {
      const [next, commands] = consider(blindToLeases(ledger), event)
      const leases = new Map(ledger.models.map(({ settings, leases }) => [settings.id, leases]))
      const models = next.models.map((record) => ({
        ...record,
        leases: [...(leases.get(record.settings.id) ?? []), ...record.leases],
      }))
      return [{ ...next, models }, commands]
    }),
  ],
  [
    'I3',
    'a process that is not ready is taken for none',
    mutant('consider', (ledger, event) => {
      const [next, commands] = consider(blindToProcesses(ledger), event)
      const models = next.models.map((record, index) => ({ ...record, presence: ledger.models[index]!.presence }))
      return [{ ...next, models }, commands]
    }),
  ],
  ['I4', 'a lease is never given back', mutant('release', nothing)],
  [
    'I5',
    'the completion of an earlier swap settles the current one',
    mutant('settle', (ledger, event: SchedulerEvent & { type: 'swap.done' }) => {
      const current = ledger.swaps.find(({ target }) => target === event.target)
      return settle(ledger, (current ? { ...event, swap: current.id } : event) as never)
    }),
  ],
  [
    'I1',
    'a reload takes a model away from under those who wait for it',
    mutant('adopt', (ledger, event) => {
      const [next, commands] = adopt(ledger, event)
      return [next, commands.filter(({ type }) => type !== 'grant.error')]
    }),
  ],
  [
    'I3',
    'a removed model is forgotten while it is alive',
    mutant('discard', (ledger) => [{ ...ledger, models: ledger.models.filter(({ isRemoved }) => !isRemoved) }, []]),
  ],
  ['I7', 'nobody looks at the queue again', mutant('reconsider', nothing)],
  [
    'I10',
    'a completed swap puts its waiters back into the queue',
    mutant('settle', (ledger, event: SchedulerEvent & { type: 'swap.done' }) => {
      const swap = ledger.swaps.find(({ id }) => id === event.swap)
      const [next] = settle(
        { ...ledger, swaps: ledger.swaps.map((other) => (other === swap ? { ...other, waiters: [] } : other)) },
        event as never,
      )
      return [{ ...next, queue: [...next.queue, ...(swap?.waiters ?? [])] }, []]
    }),
  ],
  [
    'I11',
    'a request is granted to whatever process is ready',
    mutant('consider', (ledger, event) => consider(blindToReloads(ledger), event)),
  ],
  [
    'I12',
    'a reload takes every model for changed',
    mutant('adopt', (ledger, event: Reload) => {
      const models = event.settings.models.map((model) => ({ ...model, fingerprint: `${event.at}` }))
      return adopt(ledger, { ...event, settings: { ...event.settings, models } })
    }),
  ],
  [
    'I12',
    'a reload cuts responses at once',
    mutant('adopt', (ledger, event: Reload) =>
      adopt(ledger, { ...event, settings: { ...event.settings, reloadDrainMs: 0 } }),
    ),
  ],
  [
    'I13',
    'nobody remembers which port a process was given',
    mutant('note', (ledger, event) => {
      const [next, commands] = note(ledger, event)
      const models = next.models.map((record) => ({
        ...record,
        origin: record.origin && { ...record.origin, port: null },
      }))
      return [{ ...next, models }, commands]
    }),
  ],
]

test.each(mutants)('%s is seen to break when %s', (invariant, _bug, router) => {
  const isCaught = fc.check(
    fc.property(worlds, histories, (settings, history) => {
      try {
        live(settings, history, router)
        return true
      } catch (violation) {
        // A bug may show in more than one way: this is about one of them.
        return !String(violation).startsWith(`Violation: ${invariant}:`)
      }
    }),
    { numRuns: 5_000, endOnFailure: true },
  ).failed
  expect(isCaught).toBe(true)
})

test('a scheduler with an unchanged rule is not accused', () => {
  const router = mutant('forget', forget as Rule)
  fc.assert(
    fc.property(worlds, histories, (settings, history) => {
      live(settings, history, router)
    }),
    { numRuns: 300 },
  )
})
