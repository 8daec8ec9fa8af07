import type { Command, SwapDone } from '../../machines/events.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { plannerOf } from '../../machines/policy/planners.ts'
import type { World } from './world.ts'

/** A broken invariant of `machines/README.md`. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

function demand(invariant: string, holds: boolean, message: () => string): void {
  if (!holds) throw new Violation(`${invariant}: ${message()}`)
}

/** Watches every message of the world from now on. Returns the check that is to follow each step. */
export function watch(world: World): () => void {
  const plan = plannerOf(world.ledger.routing)
  const completed: { done: SwapDone; grantsBefore: number }[] = []
  const grants = () => world.commands('grant.serve').length
  let mayCut = false

  world.onMessage = ({ from, to, event }) => {
    const message = event as Command
    if (from === 'outside' && to === 'router') mayCut = event.type === 'unload' || event.type === 'shutdown'
    if (to === 'scheduler' && event.type === 'swap.done') expectGrants(event as SwapDone)
    if (from !== 'scheduler' || to !== 'router') return
    const lives = message.type === 'swap.start' ? message.clear : message.type === 'processes.stop' ? message.lives : []
    if (mayCut || world.isShutDown) return
    for (const { model } of lives) {
      const isRunning = world.children.get(model)?.graceMs === null
      const leased = world.served(model).length
      demand('I2', !isRunning || leased === 0, () => `${message.type} stops ${model}, which serves ${leased}`)
    }
  }

  world.onSpawn = ({ model }) => {
    const others = [...world.children.keys()].filter((other) => other !== model).sort()
    const evicted = plan(model, others)
    demand('I3', evicted.length === 0, () => `${model} starts beside ${evicted.join(', ')}`)
  }

  return () => {
    const fault = world.faults[0]
    if (fault !== undefined) throw fault
    const { ledger } = world
    checkAnswers(world)
    for (const { settings, leases } of ledger.models) {
      const held = world.served(settings.id).map(({ request }) => request)
      demand('I4', same(leases, held), () => `${settings.id} has leases ${leases}, clients hold ${held}`)
    }
    const moves = ledger.swaps.length > 0 || ledger.models.some(({ leases }) => leases.length > 0)
    demand('I7', ledger.queue.length === 0 || moves, () => `${ledger.queue.length} wait for nothing`)

    for (const { done, grantsBefore } of completed.splice(0)) {
      const granted = world.commands('grant.serve').slice(grantsBefore)
      const isServed = granted.some(({ model }) => model === done.target)
      demand('I10', isServed, () => `swap ${done.swap} was completed for nobody`)
    }
  }

  /** A swap that brought its target up for somebody must serve somebody. */
  function expectGrants(done: SwapDone): void {
    const waiters = world.ledger.swaps.find(({ id }) => id === done.swap)?.waiters.length ?? 0
    const presence = recordOf(world.ledger, done.target)?.presence
    if (done.outcome.type === 'ready' && presence?.state === 'ready' && waiters > 0) {
      completed.push({ done, grantsBefore: grants() })
    }
  }
}

function checkAnswers(world: World): void {
  const { queue, swaps } = world.ledger
  const known = [...queue, ...swaps.flatMap(({ waiters }) => waiters)].map(({ request }) => request)
  for (const client of world.clients) {
    const { request, answers, answer } = client
    demand('I1', answers <= 1, () => `request ${request} was answered ${answers} times`)
    const isKnown = known.includes(request)
    demand('I1', (answer === 'waiting') === isKnown, () => `request ${request} is ${answer}, in the ledger: ${isKnown}`)
  }
  demand('I1', new Set(known).size === known.length, () => `a request waits twice: ${known}`)
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join()
}

/** The state that a life must not change once it is over (I5): everything but the time. */
export function essence(world: World): string {
  const { now: _, ...rest } = world.ledger
  return JSON.stringify(rest)
}
