import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import type { Actor, Effect, Message } from './actor.ts'

/** An action creator of XState with what it was given: the parts of it that the four machines use. */
interface Action {
  readonly type: string
  readonly to?: unknown
  readonly event?: unknown
  readonly assignment?: unknown
  readonly actorRef?: unknown
  readonly collect?: unknown
}

/** Makes an actor of the machine that is called `src`. */
export type Spawn = (src: string, options: { readonly id: string; readonly input: unknown }) => Actor

/** The one who acts. */
interface Self {
  context: object
  readonly children: ReadonlyMap<string, Actor>
}

type Resolve<T> = (args: object) => T

/**
 * The transitions of a state that are nothing but lists of actions: a table of contents, as the router and the scheduler are.
 * Carrying such a list out does not take XState's interpreter, which would take most of the walk's time: only the code of
 * the actions themselves. Whatever is more than a list is left to `transition()`.
 */
export class Table {
  readonly #machine: AnyStateMachine
  readonly #snapshot: AnyMachineSnapshot
  readonly #rows = new Map<string, readonly Action[] | null>()

  constructor(machine: AnyStateMachine, snapshot: AnyMachineSnapshot) {
    this.#machine = machine
    this.#snapshot = snapshot
  }

  /** The actions that follow this event; null when they are not all. */
  actions(event: Message): readonly Action[] | null {
    const known = this.#rows.get(event.type)
    if (known !== undefined) return known
    const row = this.#look(event)
    this.#rows.set(event.type, row)
    return row
  }

  #look(event: Message): readonly Action[] | null {
    if (this.#snapshot._nodes.some(({ always }: { always?: readonly unknown[] }) => always?.length)) return null
    const transitions = this.#machine.getTransitionData(this.#snapshot as never, event)
    if (transitions.length === 0 || transitions.some(({ target, guard }) => target || guard)) return null
    return transitions
      .flatMap(({ actions }) => actions)
      .map((action) => {
        const name = typeof action === 'string' ? action : (action as { type: string }).type
        return this.#machine.implementations.actions[name] as unknown as Action
      })
  }
}

/** Carries out a list of actions as XState would: each sees the context as the one before it left it. */
export function act(self: Self, spawn: Spawn, event: Message, actions: readonly Action[]): readonly Effect[] {
  const effects: Effect[] = []
  for (const action of actions) {
    if (action.type !== 'xstate.enqueueActions') carryOut(self, spawn, event, action, effects)
    else for (const part of collected(self, event, action)) carryOut(self, spawn, event, part, effects)
  }
  return effects
}

function carryOut(self: Self, spawn: Spawn, event: Message, action: Action, effects: Effect[]): void {
  const resolve = <T>(part: unknown): T =>
    typeof part === 'function' ? (part as Resolve<T>)({ context: self.context, event, self }) : (part as T)
  switch (action.type) {
    case 'xstate.assign': {
      const begin: Spawn = (src, options) => {
        const actor = spawn(src, options)
        effects.push({ type: 'spawn', actor })
        return actor
      }
      self.context = assign(self.context, action.assignment, { context: self.context, event, self, spawn: begin })
      return
    }
    case 'xstate.sendTo': {
      const to = resolve<Actor | string>(action.to)
      effects.push({ type: 'send', to: typeof to === 'string' ? childOf(self, to) : to, event: resolve(action.event) })
      return
    }
    case 'xstate.emit':
      effects.push({ type: 'emit', event: resolve(action.event) })
      return
    case 'xstate.stopChild':
      effects.push({ type: 'stop', actor: resolve(action.actorRef) })
      return
    default:
      if (typeof action !== 'function') throw new Error(`the walk does not know how to carry out ${action.type}`)
      resolve(action)
  }
}

function childOf({ children }: Self, id: string): Actor {
  const child = children.get(id)
  if (!child) throw new Error(`no child is called ${id}`)
  return child
}

function assign(context: object, assignment: unknown, args: object): object {
  if (typeof assignment === 'function') return { ...context, ...(assignment as Resolve<object>)(args) }
  const next: Record<string, unknown> = { ...context }
  for (const name in assignment as object) {
    const part: unknown = (assignment as Record<string, unknown>)[name]
    next[name] = typeof part === 'function' ? part(args) : part
  }
  return next
}

/** What an `enqueueActions` asks for. One list serves for all, as nobody keeps it. */
function collected(self: Self, event: Message, { collect }: Action): readonly Action[] {
  collection.length = 0
  ;(collect as Resolve<void>)({ context: self.context, event, self, enqueue })
  return collection
}

const collection: Action[] = []
const enqueue = {
  assign: (assignment: unknown) => collection.push({ type: 'xstate.assign', assignment }),
  sendTo: (to: unknown, event: unknown) => collection.push({ type: 'xstate.sendTo', to, event }),
  emit: (event: unknown) => collection.push({ type: 'xstate.emit', event }),
  stopChild: (actorRef: unknown) => collection.push({ type: 'xstate.stopChild', actorRef }),
}
