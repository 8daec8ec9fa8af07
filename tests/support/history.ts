import fc from 'fast-check'
import type { Group, Matrix, Router } from '../../config/config.ts'
import type { SwapId } from '../../machines/ids.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { routerMachine } from '../../machines/router.ts'
import { Violation } from '../../proof/judge/violation.ts'
import { essence, watch } from './invariants.ts'
import { matrices, matrixOf } from './matrix.ts'
import { revise } from './revisions.ts'
import { group, settings } from './settings.ts'
import { traceOf } from './trace.ts'
import { World } from './world.ts'

/** One thing that happens in a random world. Numbers choose among what is there, by remainder. */
export type Step = readonly [
  kind:
    | 'request'
    | 'cancel'
    | 'release'
    | 'ready'
    | 'exit'
    | 'obey'
    | 'unload'
    | 'unload all'
    | 'tick'
    | 'stale'
    | 'reload'
    | 'shut down',
  choice: number,
]

const often = ['request', 'request', 'request', 'release', 'release', 'ready', 'ready', 'obey', 'obey'] as const
const sometimes = ['cancel', 'exit', 'unload', 'tick', 'tick', 'stale', 'reload', 'reload'] as const
const rarely = ['unload all', 'shut down'] as const
const kinds: readonly Step[0][] = [...often, ...often, ...often, ...sometimes, ...sometimes, ...rarely]

/** From nothing to longer than every deadline. */
const ticks = [0, 1, 20, 999, 5_000, 16_000, 130_000]

export const histories = fc.array(
  fc.tuple(fc.constantFrom(...kinds), fc.nat(59)).map((step): Step => step),
  { maxLength: 60, size: 'max' },
)

const flags = fc.record({ swap: fc.boolean(), exclusive: fc.boolean(), persistent: fc.boolean() })
const groupings = fc.oneof(
  flags.map((all) => [group('abc', all)]),
  fc.tuple(flags, flags).map(([one, two]) => [group('ab', one), group('c', two)]),
  fc.tuple(flags, flags, flags).map((each): Group[] => ['a', 'b', 'c'].map((name, index) => group(name, each[index]!))),
)

/** Any two may run together, and no three: what no look at pairs can tell. */
const everyTwo = matrixOf('a b c', 'sets: {one: a & b, two: b & c, three: a & c}')
const asRouter = (matrix: Matrix): Router => ({ use: 'matrix', ...matrix })
const routers: fc.Arbitrary<Router> = fc.oneof(
  fc.oneof(fc.constant([group('abc')]), groupings).map((groups): Router => ({ use: 'group', groups })),
  fc.oneof(matrices('abc', { sets: 2 }), fc.constant(everyTwo)).map(asRouter),
)

/** Three models under each kind of router; and five, as it takes more than three to be wrong about three. */
export const worlds: fc.Arbitrary<Settings> = fc.oneof(
  { weight: 3, arbitrary: worldsOf('abc', routers) },
  { weight: 1, arbitrary: worldsOf('abcde', matrices('abcde', { sets: 3 }).map(asRouter)) },
)

/** Worlds of these models, under one of these routers. */
function worldsOf(names: string, routers: fc.Arbitrary<Router>): fc.Arbitrary<Settings> {
  return fc
    .record({
      router: routers,
      limit: fc.constantFrom(1, 3, 10),
      priority: fc.constantFrom(0, 0, 5),
      ttlMs: fc.constantFrom(0, 1_000, 20_000),
      maxWaitMs: fc.constantFrom(0, 1_000, 60_000),
      minTenureMs: fc.constantFrom(0, 0, 5_000),
    })
    .map(({ router, limit, priority, ttlMs, maxWaitMs, minTenureMs }) =>
      settings(names, {
        router,
        all: { concurrencyLimit: limit, ttlMs, healthCheckTimeoutMs: 15_000 },
        each: { b: { priority } },
        maxWaitMs,
        minTenureMs,
      }),
    )
}

/** Lives a history and checks the invariants after each step, then lets a fair world come to rest: everyone is answered. */
export function live(
  given: Settings,
  history: readonly Step[],
  router?: typeof routerMachine,
  onStep: (world: World) => void = () => {},
  world = new World(given, router),
): World {
  const check = watch(world)
  for (const step of history) {
    take(world, step)
    check()
    onStep(world)
  }
  comeToRest(world, check)
  return world
}

function take(world: World, [kind, choice]: Step): void {
  const models = world.ledger.models.map(({ settings: { id } }) => id)
  const model = models[choice % models.length]!
  const pick = <T>(from: readonly T[]): T | undefined => from[choice % Math.max(1, from.length)]
  switch (kind) {
    case 'request':
      world.request(model)
      return
    case 'cancel': {
      const client = pick(world.waiting())
      if (client) world.cancel(client)
      return
    }
    case 'release': {
      const client = pick(world.served())
      if (client) world.release(client)
      return
    }
    case 'ready':
      world.ready(model)
      return
    case 'exit':
      world.exit(model)
      return
    case 'obey':
      world.obey(model)
      return
    case 'unload':
      world.unload(model)
      return
    case 'unload all':
      world.unload(...models)
      return
    case 'tick':
      world.clock.advance(ticks[choice % ticks.length]!)
      return
    case 'stale':
      sayStale(world, choice)
      return
    case 'reload':
      world.reload(revise(world.settings, choice))
      return
    case 'shut down':
      if (!world.isShutDown && choice % 4 === 0) world.shutDown()
  }
}

/** A completion of a swap, or of a life, that is no longer current must change nothing (I5). */
function sayStale(world: World, choice: number): void {
  const { ledger } = world
  const before = essence(world)
  const commands = world.messages.length
  const record = ledger.models[choice % ledger.models.length]!
  const swap = (record.presence.swap - 1) as SwapId
  const model = record.settings.id
  const at = world.clock.now()
  if (swap < 0 || ledger.swaps.some(({ id }) => id === swap)) return
  const states = ['stopped', 'starting', 'ready', 'stopping', 'stuck'] as const
  world.send({ type: 'process.changed', model, swap, state: states[choice % 5]!, failure: null, at })
  world.send({ type: 'swap.done', swap, target: model, outcome: { type: 'ready' }, at })
  world.send({ type: 'process.idle', model, swap, at })
  world.send({ type: 'serve.done', request: 999_999 as never, model, at })
  const said = world.messages.slice(commands).filter(({ from }) => from === 'scheduler')
  if (essence(world) !== before || said.length > 0) throw new Violation('I5', `stale news of swap ${swap} was believed`)
}

/** Every child does its part and every client leaves in the end: whatever still waits then, waits for ever. */
function comeToRest(world: World, check: () => void): void {
  for (let round = 0; round < 60; round++) {
    for (const { settings: model } of world.ledger.models) {
      world.obey(model.id)
      check()
      world.ready(model.id)
      check()
      for (const client of world.served(model.id)) world.release(client)
      check()
    }
    const isQuiet = world.waiting().length === 0 && world.served().length === 0
    if (isQuiet && isUpToDate(world) && [...world.unloads.values()].every((stuck) => stuck !== null)) {
      if (!world.isShutDown || world.shutdownDone !== null) return
    }
  }
  const waiting = world.waiting().map(({ request, model }) => `${request}:${model}`)
  throw new Violation('I7', `still waiting ${waiting.join(' ')}, unloads ${JSON.stringify([...world.unloads])}`)
}

/** Nothing is left of what earlier configurations had running. */
function isUpToDate({ ledger, processes }: World): boolean {
  return ledger.models.length === processes.length && ledger.models.every((r) => !r.isRemoved && !isOutdated(r))
}

export function show(history: readonly Step[]): string {
  return history
    .map(([kind, choice]) => `${kind} ${kind === 'tick' ? ticks[choice % ticks.length] : choice}`)
    .join(', ')
}

/** The trace of a history, as far as it goes until an invariant breaks: replayed, it breaks again. */
export function traceOfHistory(given: Settings, history: readonly Step[], router?: typeof routerMachine): string {
  const world = new World(given, router)
  try {
    live(given, history, router, undefined, world)
  } catch (error) {
    if (!(error instanceof Violation)) throw error
  }
  return traceOf(world.lines, given)
}
