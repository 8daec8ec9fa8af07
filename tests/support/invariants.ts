import type { ModelId } from '../../config/config.ts'
import type { Command, ProcessChanged, SwapDone } from '../../machines/events.ts'
import type { SwapId } from '../../machines/ids.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { plannerOf } from '../../machines/policy/planners.ts'
import { stalls } from '../../machines/policy/stalls.ts'
import { checkQueue, checkSwaps } from '../../proof/judge/order.ts'
import { checkWaits } from '../../proof/judge/reasons.ts'
import { demand } from '../../proof/judge/violation.ts'
import { pathOf } from '../../proof/system/chart.ts'
import type { FakeChild, World } from './world.ts'

/** Watches every message of the world from now on. Returns the check that is to follow each step. */
export function watch(world: World): () => void {
  const completed: { done: SwapDone; grantsBefore: number }[] = []
  const grants = () => world.commands('grant.serve').length
  let mayCut = false
  /** The swaps that somebody waits for, as the last reload found them. */
  let wanted: readonly SwapId[] = []

  world.onMessage = ({ from, to, event }) => {
    const message = event as Command
    if (from === 'outside' && to === 'router') {
      mayCut = event.type === 'unload' || event.type === 'shutdown'
      wanted = world.ledger.swaps.filter(({ waiters }) => waiters.length > 0).map(({ id }) => id)
    }
    if (to === 'scheduler' && event.type === 'swap.done') expectGrants(event as SwapDone)
    if (to === 'scheduler' && event.type === 'process.changed') noteStuck(world, event as ProcessChanged)
    if (from !== 'scheduler' || to !== 'router') return
    checkReload(world, message, wanted)
    const lives = message.type === 'swap.start' ? message.clear : message.type === 'processes.stop' ? message.lives : []
    if (mayCut || world.isShutDown) return
    for (const { model } of lives) {
      const child = world.children.get(model)
      const leased = world.served(model).length
      if (child?.graceMs !== null || leased === 0) continue
      const { drainUntil } = child
      demand('I2', drainUntil !== null, () => `${message.type} stops ${model}, which serves ${leased}`)
      const isOver = world.clock.now() >= (drainUntil ?? 0)
      demand('I12', isOver, () => `${message.type} stops ${model}, which may serve until ${drainUntil}`)
    }
  }

  world.onSpawn = (child) => checkSpawn(world, child)

  return () => {
    const fault = world.faults[0]
    if (fault !== undefined) throw fault
    const { ledger } = world
    checkAnswers(world)
    for (const { settings, leases } of ledger.models) {
      const held = world.served(settings.id).map(({ request }) => request)
      demand('I4', same(leases, held), () => `${settings.id} has leases ${leases}, clients hold ${held}`)
    }
    checkWaits({ ledger, scheduler: pathOf(world.scheduler.value) })
    checkQueue(ledger)
    checkSwaps(ledger)
    const [stall] = stalls(ledger, world.clock.now())
    demand('I7', stall === undefined, () => `a stall: ${JSON.stringify(stall)}`)

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

/** What a reload may do, and what follows from it. */
function checkReload(world: World, command: Command, wanted: readonly SwapId[]): void {
  const childOf = (model: ModelId) => world.children.get(model)
  switch (command.type) {
    case 'grant.serve': {
      const isCurrent = childOf(command.model)?.drainUntil == null
      demand('I11', isCurrent, () => `request ${command.request} is granted to an outdated process`)
      return
    }
    case 'processes.stop':
      for (const { model } of world.isReloading ? command.lives : []) {
        const isOutdated = childOf(model)?.drainUntil !== null
        demand('I12', isOutdated, () => `a reload stops ${model}, which it did not change`)
      }
      return
    case 'swap.abort': {
      const child = childOf(command.target)
      const isLoading = child?.swap === command.swap && child.drainUntil === null && wanted.includes(command.swap)
      demand('I12', !isLoading || !world.isReloading, () => `a reload gives up the load of ${command.target}`)
    }
  }
}

/** What may not be alive when a process starts. */
function checkSpawn(world: World, { model, origin }: FakeChild): void {
  const alive = [...world.children.values()]
  const configured = new Set(world.settings.models.map(({ id }) => id))
  demand('I3', configured.has(model), () => `${model} starts and is not in the configuration`)

  const others = alive.filter((child) => child.model !== model)
  const known = others.map((child) => child.model).filter((other) => configured.has(other))
  const evicted = plannerOf(world.ledger.routing)(model, known.sort())
  const removed = others.filter((child) => !configured.has(child.model) && !child.wasStuck)
  demand('I3', evicted.length === 0, () => `${model} starts beside ${evicted.join(', ')}`)
  demand('I3', removed.length === 0, () => `${model} starts beside ${removed[0]?.model}, which is removed`)

  const holder = alive.find((child) => child.model === model || child.origin?.port === origin?.port)
  demand('I13', !holder, () => `${model} starts while ${holder?.model} of swap ${holder?.swap} is alive`)
}

function noteStuck(world: World, { model, swap, state }: ProcessChanged): void {
  const child = world.children.get(model)
  if (child?.swap === swap && state === 'stuck') child.wasStuck = true
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
