import type { InspectionEvent } from 'xstate'
import type { ChildEvent, ChildStop } from '../child.ts'
import type { Command, ProcessCommand, SchedulerEvent } from '../events.ts'
import { senderOf } from '../shortcut.ts'

/** Something that went from actor to actor, by their ids; `outside` is whoever is no actor. */
export interface Message {
  readonly from: string
  readonly to: string
  readonly event: SchedulerEvent | Command | ProcessCommand | ChildEvent | ChildStop | { readonly type: string }
}

export type Observer = (message: Message) => void

/**
 * Watches an actor system from outside: for `createActor`'s `inspect`. Messages come in the order of their delivery.
 * An exception in an inspector would wedge the mailbox that it looked at for ever, so none leaves here.
 */
export function inspectMessages(observe: Observer, onFault: (fault: unknown) => void) {
  return (inspected: InspectionEvent): void => {
    if (inspected.type !== '@xstate.event') return
    try {
      observe({ from: idOf(senderOf(inspected)), to: idOf(inspected.actorRef), event: inspected.event })
    } catch (fault) {
      onFault(fault)
    }
  }
}

function idOf(ref: unknown): string {
  return typeof ref === 'object' && ref !== null && 'id' in ref ? String(ref.id) : 'outside'
}
