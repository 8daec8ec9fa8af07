import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** A state of a machine, as a chart shows it. */
export interface StateOutline {
  /** Its place in the machine, such as `alive.ready`; empty for the machine itself. */
  readonly path: string
  readonly name: string
  readonly description: string
  /** It is where its parent begins. */
  readonly isInitial: boolean
  /** Actors that run while it is active. */
  readonly invokes: readonly string[]
  readonly transitions: readonly Transition[]
  readonly states: readonly StateOutline[]
}

export interface Transition {
  readonly kind: 'event' | 'after' | 'always'
  /** The type of the event, or the name of the delay; empty for `always`. */
  readonly event: string
  readonly guard: string | null
  /** The path of the state that it leads to; null when it leads to none. */
  readonly target: string | null
  readonly actions: readonly string[]
}

/** All states of a machine. What is accepted and changes nothing is left out. */
export function outlineOf(machine: AnyStateMachine): StateOutline {
  return outline(machine.root, true)
}

/** The paths of the innermost active states of a state value. */
export function leavesOf(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value === 'string') return [[...path, value].join('.')]
  const regions = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (regions.length === 0) return [path.join('.')]
  return regions.flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}

/** Whether the path is that of the state, or of one within it. */
export function isWithin(path: string, state: string): boolean {
  return state === '' || path === state || path.startsWith(`${state}.`)
}

/** The innermost state that holds both the state that a transition leaves, or is it, and the one that it leads to. */
export function commonOf(from: string, to: string): string {
  const way = to.split('.').slice(0, -1)
  while (way.length > 0 && !isWithin(from, way.join('.'))) way.pop()
  return way.join('.')
}

function outline(node: AnyStateNode, isInitial: boolean): StateOutline {
  const [initial] = node.initial?.target ?? []
  const onEvents = [...node.transitions.values()].flat()
  return {
    path: node.path.join('.'),
    name: node.key,
    description: node.description ?? '',
    isInitial,
    invokes: node.invoke.map(({ id }) => id),
    transitions: [...onEvents, ...(node.always ?? [])].map(transition).filter(changesSomething),
    states: Object.values(node.states).map((child) => outline(child, child === initial)),
  }
}

function transition({ eventType, guard, target, actions }: AnyTransitionDefinition): Transition {
  const [, delay] = /^xstate\.after\.([^.]+)/.exec(eventType) ?? []
  return {
    kind: delay === undefined ? (eventType === '' ? 'always' : 'event') : 'after',
    event: delay ?? eventType,
    guard: nameOf(guard),
    target: target?.[0]?.path.join('.') ?? null,
    actions: actions.map(nameOf).filter((name) => name !== null),
  }
}

function changesSomething({ target, actions }: Transition): boolean {
  return target !== null || actions.length > 0
}

/** Guards and actions are named, by text or by an object with a `type`. */
function nameOf(named: unknown): string | null {
  if (typeof named === 'string') return named
  return typeof named === 'object' && named !== null && 'type' in named ? String(named.type) : null
}
