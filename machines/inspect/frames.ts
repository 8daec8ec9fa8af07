/*
 * What an inspector is told, in the words of Stately's: one JSON object for each thing that happens, of three types.
 * `createdAt` is in milliseconds of the actor system's clock, as text; `_version` is that of the protocol.
 */

interface FrameBase {
  /** The actor that it is about. */
  readonly sessionId: string
  readonly rootId: string
  readonly createdAt: string
  readonly id: null
  readonly _version: string
}

/** An actor is there. Said again of the same one, it has begun anew: a swap to a model that was swapped in before. */
export interface ActorFrame extends FrameBase {
  readonly type: '@xstate.actor'
  readonly name: string
  readonly parentId: string | undefined
  /** Its machine's configuration, as JSON text. */
  readonly definition: string
  readonly snapshot: ShownSnapshot
}

/** An event was delivered. */
export interface EventFrame extends FrameBase {
  readonly type: '@xstate.event'
  /** Absent when it came from outside. */
  readonly sourceId: string | undefined
  readonly event: { readonly type: string }
}

/** An actor is in another state, or remembers something else. */
export interface SnapshotFrame extends FrameBase {
  readonly type: '@xstate.snapshot'
  /** What brought it about. */
  readonly event: { readonly type: string }
  readonly snapshot: ShownSnapshot
}

export type Frame = ActorFrame | EventFrame | SnapshotFrame

export interface ShownSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  /** The active states; absent for what is no machine. */
  readonly value?: unknown
  readonly context?: unknown
}

/** Of the protocol: that of `@statelyai/inspect`. */
export const protocolVersion = '0.7.2'
