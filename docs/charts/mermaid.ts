import type { AnyStateMachine, AnyStateNode } from 'xstate'

interface Transition {
  readonly eventType: string
  readonly delay?: unknown
  readonly guard?: unknown
  readonly target?: readonly AnyStateNode[] | undefined
  readonly actions: readonly unknown[]
}

/** A machine as a Mermaid state diagram. What is done without going to another state is written beneath the state's name. */
export function mermaid({ root }: AnyStateMachine): string {
  return ['stateDiagram-v2', ...indent(stateOf(root)), ...indent(arrowsOf(root))].join('\n')
}

/** The state, and those within it. */
function stateOf(node: AnyStateNode): readonly string[] {
  const name = nameOf(node)
  const inner = Object.values(node.states)
  const lines = linesOf(node)
  if (inner.length === 0) return [`state "${node.key}" as ${name}`, ...lines.map((line) => `${name} : ${line}`)]
  const first = node.initial?.target[0]
  return [
    `state "${node.key}" as ${name} {`,
    ...indent([...(first ? [`[*] --> ${nameOf(first)}`] : []), ...inner.flatMap(stateOf)]),
    '}',
    ...(lines.length > 0 ? [`note right of ${name}`, ...indent(lines), 'end note'] : []),
  ]
}

/** What the state does when it is entered, whom it has beside it, and what it does about events that do not end it. */
function linesOf(node: AnyStateNode): readonly string[] {
  const entry = node.entry.flatMap(namesOf)
  return [
    ...node.invoke.map(({ src }) => `with ${String(src)}`),
    ...(entry.length > 0 ? [`entry / ${entry.join(', ')}`] : []),
    ...transitionsOf(node)
      .filter(({ target, actions }) => !target && actions.length > 0)
      .map(labelOf),
  ]
}

/** The ways out of the state, and of those within it. */
function arrowsOf(node: AnyStateNode): readonly string[] {
  const own = transitionsOf(node).flatMap((transition) =>
    (transition.target ?? []).map((target) => `${nameOf(node)} --> ${nameOf(target)} : ${labelOf(transition)}`),
  )
  return [...own, ...Object.values(node.states).flatMap(arrowsOf)]
}

function transitionsOf(node: AnyStateNode): readonly Transition[] {
  return [...node.transitions.values(), node.always ?? []].flat() as readonly Transition[]
}

function labelOf({ eventType, delay, guard, actions }: Transition): string {
  const event = delay === undefined ? eventType || 'always' : `after ${String(delay)}`
  const doing = actions.flatMap(namesOf).join(', ')
  return [event, ...(guard ? [`[${String(guard)}]`] : []), ...(doing ? [`/ ${doing}`] : [])].join(' ')
}

/** Actions of ours have names; those of XState's own, which are functions, start and stop its timers. */
function namesOf(action: unknown): readonly string[] {
  return typeof action === 'string' ? [action] : []
}

function nameOf(node: AnyStateNode): string {
  return node.id.replaceAll('.', '_')
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
