import type { AnyActorRef, AnyMachineSnapshot, Snapshot } from 'xstate'
import { type ActorFrame, type EventFrame, protocolVersion, type ShownSnapshot, type SnapshotFrame } from './frames.ts'

/** An actor as an inspector knows it. XState's own session ids are no use: they grow with every swap, and these stay. */
export function addressOf(ref: AnyActorRef): string {
  const owner = ref._parent?.id
  return owner?.startsWith('process.') ? `${ref.id}.${owner.slice('process.'.length)}` : ref.id
}

/** The actor and all below it, parents first. */
export function* actorsFrom(ref: AnyActorRef): Generator<AnyActorRef> {
  yield ref
  const { children = {} } = ref.getSnapshot() as Partial<AnyMachineSnapshot>
  for (const child of Object.values(children) as (AnyActorRef | undefined)[]) if (child) yield* actorsFrom(child)
}

/** @param snapshot undefined while the actor is being made: it has none yet */
export function describeActor(ref: AnyActorRef, snapshot: Snapshot<unknown> | undefined, at: number): ActorFrame {
  return {
    type: '@xstate.actor',
    ...headOf(addressOf(ref), at),
    name: addressOf(ref),
    parentId: ref._parent && addressOf(ref._parent),
    definition: definitionOf(ref),
    snapshot: snapshot ? shown(snapshot) : { status: 'active' },
  }
}

/** An event that was delivered. */
export interface Delivery {
  /** Undefined when it came from outside. */
  readonly sourceId: string | undefined
  readonly sessionId: string
  readonly event: EventFrame['event']
  readonly at: number
}

export function describeEvent({ sourceId, sessionId, event, at }: Delivery): EventFrame {
  return { type: '@xstate.event', ...headOf(sessionId, at), sourceId, event }
}

export function describeSnapshot(
  ref: AnyActorRef,
  snapshot: Snapshot<unknown>,
  event: EventFrame['event'],
  at: number,
): SnapshotFrame {
  return { type: '@xstate.snapshot', ...headOf(addressOf(ref), at), event, snapshot: shown(snapshot) }
}

/**
 * A frame as JSON. Actors in it are `{"xstate$$type": 1, "id": …}`. What stands for a model's command is left out: it says
 * nothing to anybody.
 */
export function textOf(frame: object): string {
  return JSON.stringify(frame, (key, value) => {
    if (key === 'fingerprint') return undefined
    return value instanceof Map ? Object.fromEntries(value) : value
  })
}

function headOf(sessionId: string, at: number) {
  return { sessionId, rootId: 'router', createdAt: String(at), id: null, _version: protocolVersion }
}

function shown(snapshot: Snapshot<unknown>): ShownSnapshot {
  const { status } = snapshot
  if (!('value' in snapshot)) return { status }
  const { value, context } = snapshot as AnyMachineSnapshot
  return { status, value, context }
}

const definitions = new WeakMap<object, string>()

/** The machine's configuration as it was written; functions have no text and are left out. */
function definitionOf({ id, logic }: AnyActorRef & { readonly logic?: { readonly config?: unknown } }): string {
  const config = logic?.config
  if (typeof config !== 'object' || config === null) return JSON.stringify({ id })
  let text = definitions.get(config)
  if (text === undefined) {
    text = JSON.stringify(config)
    definitions.set(config, text)
  }
  return text
}
