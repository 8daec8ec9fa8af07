import type { Actor, AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import type { Settings } from '../policy/settings.ts'
import type { ProcessContext } from '../process.ts'
import type { routerMachine } from '../router.ts'
import type { SwapContext } from '../swap.ts'
import { actorsOf } from './checkpoint.ts'
import type { ActorState, Checkpoint } from './frame.ts'

/*
 * Beginning in the middle of a history. No machine knows: an actor that the checkpoint describes begins in that state
 * instead of its first one, and whom it refers to is found among those that its input names.
 */

/** The root machine, whose actors begin where the checkpoint has them. */
export function resuming(router: typeof routerMachine, { actors }: Checkpoint): typeof routerMachine {
  // Each state is taken once: a later actor of the same id begins at its beginning.
  const states = new Map(actors.map((actor) => [actor.id, actor]))
  const logics = Object.entries(router.implementations.actors as Record<string, AnyStateMachine>)
  const resumed = logics.map(([name, logic]) => [name, beginningAt(logic, states)])
  return router.provide({ actors: Object.fromEntries(resumed) })
}

/** Settings that give the router every process of the checkpoint, those of removed models included. */
export function settingsAt(checkpoint: Checkpoint, settings: Settings): Settings {
  const contexts = contextsOf<ProcessContext>(checkpoint, 'process.')
  return { ...settings, models: contexts.map((context) => context.settings) }
}

function beginningAt(machine: AnyStateMachine, states: Map<string, ActorState>): AnyStateMachine {
  const getInitialSnapshot: AnyStateMachine['getInitialSnapshot'] = (scope, input) => {
    const saved = states.get(scope.self.id)
    if (!saved) return machine.getInitialSnapshot(scope, input)
    states.delete(saved.id)
    const context = revive(saved.context, acquaintances(input)) as object
    const resolved: AnyMachineSnapshot = machine.resolveState({ value: saved.state as never, context })
    const restored = machine.restoreSnapshot({ ...resolved, context: {}, children: invoked(resolved) } as never, scope)
    return Object.assign(restored, { context })
  }
  return Object.assign(Object.create(machine), { getInitialSnapshot })
}

/**
 * Once the router runs: begins the swaps that were under way, and arms the timers that ran.
 * @throws when this is no state of an actor system
 */
export function resume(router: Actor<typeof routerMachine>, checkpoint: Checkpoint, now: number): void {
  for (const { swap, target, clear, keep, at } of contextsOf<SwapContext>(checkpoint, 'swap.')) {
    const lives = clear.map(({ model, swap }) => ({ model, swap }))
    router.send({ type: 'swap.start', swap, target, clear: lives, keep, at })
  }
  const actors = new Map(actorsOf(router).map((ref) => [ref.id, ref]))
  const missing = [...actors.keys()].find((id) => !checkpoint.actors.some((actor) => actor.id === id))
  const unknown = checkpoint.actors.find(({ id }) => !actors.has(id))
  if (missing ?? unknown) throw new Error(missing ? `${missing} is missing` : `nobody is called ${unknown?.id}`)

  for (const { actor, delay, due } of checkpoint.timers) {
    const ref = actors.get(actor)
    const nodes = (ref?.getSnapshot() as AnyMachineSnapshot | undefined)?._nodes ?? []
    const eventType = nodes.flatMap(({ after }) => after).find((transition) => transition.delay === delay)?.eventType
    if (!ref || !eventType) throw new Error(`the delay ${delay} of ${actor} does not run in the state that it has`)
    router.system.scheduler.schedule(ref, ref, { type: eventType }, due - now, eventType)
  }
}

function contextsOf<Context>({ actors }: Checkpoint, prefix: string): readonly Context[] {
  return actors.flatMap(({ id, context }) => (id.startsWith(prefix) ? [context as Context] : []))
}

/** What the active states invoke, for `restoreSnapshot` to begin anew. */
function invoked({ _nodes, context }: AnyMachineSnapshot): object {
  const invocations = _nodes.flatMap(({ invoke }) => invoke)
  return Object.fromEntries(
    invocations.map(({ id, src, input }) => {
      const given = typeof input === 'function' ? input({ context } as never) : input
      return [id, { src, syncSnapshot: false, snapshot: { status: 'active', input: given } }]
    }),
  )
}

/** The actors that an input names, by their ids. */
function acquaintances(input: unknown): ReadonlyMap<string, AnyActorRef> {
  if (typeof input !== 'object' || input === null) return new Map()
  if (isActor(input)) return new Map([[input.id, input]])
  return new Map(Object.values(input).flatMap((value) => [...acquaintances(value)]))
}

function isActor(value: object): value is AnyActorRef {
  return 'sessionId' in value && 'send' in value
}

/** The context with actors where their names were: XState writes one as `{"xstate$$type": 1, "id": …}`. */
function revive(value: unknown, actors: ReadonlyMap<string, AnyActorRef>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isActor(value)) return actors.get(value.id) ?? value
  if ('xstate$$type' in value && 'id' in value) {
    const actor = actors.get(String(value.id))
    if (!actor) throw new Error(`nobody knows the actor ${String(value.id)}`)
    return actor
  }
  if (Array.isArray(value)) return value.map((item) => revive(item, actors))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, actors)]))
}
