import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  getNextTransitions,
  initialTransition,
  type StateValue,
  transition,
} from 'xstate'
import type { Actor, Effect, Message } from './actor.ts'
import { keyOf, keyOfMessage } from './key.ts'

/** A state of a machine, with its context. Interned: two that are equal are one object. */
export interface ChartState<Context = unknown> {
  /** The path of the innermost state, such as `alive.ready.timed`. */
  readonly value: string
  readonly context: Context
  readonly snapshot: AnyMachineSnapshot
  readonly reactions: Map<string, Reaction<Context>>
}

/** What a machine does about an event. */
export interface Reaction<Context = unknown> {
  readonly next: ChartState<Context>
  readonly effects: readonly Effect[]
  /** Whether the state has a transition for it, guarded or not: what it has none for is dropped in silence. */
  readonly isHandled: boolean
}

/**
 * One of the machines, as a function from state and event to state and effects. XState's own `transition()` computes it, once
 * for each pair: what comes of a pair never changes, because a machine has neither clock nor memory outside its snapshot.
 */
export class Chart<Context extends object> {
  readonly #machine: AnyStateMachine
  readonly #states = new Map<string, ChartState<Context>>()
  readonly #starts = new Map<string, Reaction<Context>>()

  constructor(machine: AnyStateMachine) {
    this.#machine = machine
  }

  start(input: unknown): Reaction<Context> {
    const key = keyOf(input)
    const known = this.#starts.get(key)
    if (known) return known
    const [snapshot, actions] = initialTransition(this.#machine, input)
    const reaction = { next: this.#intern(snapshot), effects: actions.flatMap(effectOf), isHandled: true }
    this.#starts.set(key, reaction)
    return reaction
  }

  react(state: ChartState<Context>, event: Message): Reaction<Context> {
    const key = keyOfMessage(event)
    const known = state.reactions.get(key)
    if (known) return known
    const isHandled = isExpected(state.snapshot, event)
    const [next, actions] = transition(this.#machine, state.snapshot, event)
    const reaction = { next: this.#intern(next), effects: actions.flatMap(effectOf), isHandled }
    state.reactions.set(key, reaction)
    return reaction
  }

  /** The state with this path and context. */
  at(value: string, context: Context): ChartState<Context> {
    const key = `${value} ${keyOf(context)}`
    const known = this.#states.get(key)
    if (known) return known
    const resolved = this.#machine.resolveState({ value: stateValueOf(value), context })
    // It comes without the children that the state invokes, and what is sent to a child must find one.
    const children = Object.fromEntries(resolved._nodes.flatMap(({ invoke }) => invoke).map(({ id }) => [id, { id }]))
    return this.#remember(key, { ...resolved, children } as never)
  }

  /** The timer that runs in this state: the event that it will send, and after how long. Undefined when none runs. */
  timer({ snapshot }: ChartState<Context>): { readonly event: Message; readonly delayMs: number } | undefined {
    const after = snapshot._nodes.flatMap(
      (node: { after: readonly { delay?: unknown; eventType: string }[] }) => node.after,
    )[0]
    if (!after) return undefined
    const delay = this.#machine.implementations.delays[String(after.delay)]
    const delayMs =
      typeof delay === 'function' ? delay({ context: snapshot.context } as never, undefined as never) : delay
    return { event: { type: after.eventType }, delayMs: Number(delayMs) }
  }

  #intern(snapshot: AnyMachineSnapshot): ChartState<Context> {
    const key = `${pathOf(snapshot.value)} ${keyOf(snapshot.context)}`
    return this.#states.get(key) ?? this.#remember(key, snapshot)
  }

  #remember(key: string, snapshot: AnyMachineSnapshot): ChartState<Context> {
    const value = pathOf(snapshot.value)
    const state: ChartState<Context> = { value, context: snapshot.context as Context, snapshot, reactions: new Map() }
    this.#states.set(key, state)
    return state
  }
}

export function isExpected(snapshot: AnyMachineSnapshot, { type }: Message): boolean {
  return getNextTransitions(snapshot).some(({ eventType }) => eventType === type || eventType === '*')
}

export function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value
  return Object.entries(value)
    .map(([name, inner]) => `${name}.${pathOf(inner!)}`)
    .join()
}

export function stateValueOf(path: string): StateValue {
  if (path === '') return {}
  const [name = '', ...rest] = path.split('.')
  return rest.length === 0 ? name : { [name]: stateValueOf(rest.join('.')) }
}

/** What reaches beyond the machine itself. Its timers are the walk's to fire. */
export function effectOf({ type, params }: { readonly type: string; readonly params?: unknown }): readonly Effect[] {
  const { to, targetId, event, id } = params as Partial<{ to: Actor; targetId: string; event: Message; id: string }>
  switch (type) {
    case 'xstate.sendTo':
      return [
        targetId ? { type: 'tell child', child: targetId, event: event! } : { type: 'send', to: to!, event: event! },
      ]
    case 'xstate.spawnChild':
      return [{ type: 'begin child', child: id! }]
    case 'xstate.stopChild':
      return [{ type: 'end child', child: id! }]
    case 'xstate.raise':
    case 'xstate.cancel':
      return []
    default:
      throw new Error(`the walk does not know how to carry out ${type}`)
  }
}
