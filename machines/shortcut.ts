import type { AnyActorRef } from 'xstate'
import type { Command, SchedulerEvent, WorldEvent } from './events.ts'
import type { routerMachine } from './router.ts'

type Router = typeof routerMachine

/**
 * The router with a short way for what its machine would only pass on: a transition costs 3 us whatever it does, and three of
 * the five on the way of a request are such. The machine says which events these are: those that have one transition, without
 * guard or target, whose one action is `tellScheduler` or `announce`. The same happens in the same order, but for the sender's name: see `senderOf`.
 */
export function withShortcuts(machine: Router): Router {
  const [told, announced] = [eventsThat(machine, 'tellScheduler'), eventsThat(machine, 'announce')]

  const transition: Router['transition'] = (snapshot, event, scope) => {
    const { scheduler } = snapshot.children
    if (scheduler && told.has(event.type)) scope.defer(() => scheduler.send(event as SchedulerEvent))
    else if (announced.has(event.type)) scope.defer(() => scope.emit(event as Command | WorldEvent))
    else return machine.transition(snapshot, event, scope)
    return snapshot
  }
  return Object.assign(Object.create(machine), { transition })
}

function eventsThat(machine: Router, action: string): ReadonlySet<string> {
  const all = [...machine.root.transitions.values()]
  const only = all.flatMap(([first, ...others]) => (first && others.length === 0 ? [first] : []))
  const plain = only.filter(({ guard, target, actions }) => !guard && !target && actions.length === 1)
  return new Set(plain.filter(({ actions }) => actions[0] === action).map(({ eventType }) => eventType))
}

/**
 * Who sent what XState's inspection shows; undefined for whoever is no actor. XState names nobody who sends without an action,
 * as the short way does. But from outside only the root is told anything, so that everybody else was told by their parent.
 */
export function senderOf({ sourceRef, actorRef }: { readonly sourceRef: unknown; readonly actorRef: unknown }) {
  return (sourceRef ?? (actorRef as AnyActorRef)._parent) as AnyActorRef | undefined
}
