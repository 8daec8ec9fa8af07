import type { Frame, ShownSnapshot } from '../../machines/inspect/frames.ts'
import type { Ledger } from '../../machines/policy/ledger.ts'
import type { ActorState } from '../../machines/trace/frame.ts'

/** An actor, as the page knows it. */
export interface Actor {
  readonly id: string
  readonly machine: MachineName
  readonly value: unknown
  readonly context: unknown
}

export type MachineName = (typeof machineNames)[number]
export const machineNames = ['process', 'swap', 'scheduler', 'router'] as const

/** Who is there, and in which state. */
export class Scene {
  readonly actors = new Map<string, Actor>()

  clear(): void {
    this.actors.clear()
  }

  /** As an inspector is told it. */
  apply(frame: Frame): void {
    if (frame.type === '@xstate.event') return
    const { sessionId, snapshot } = frame
    if (snapshot.status === 'stopped') this.actors.delete(sessionId)
    else if ('value' in snapshot) this.#set(sessionId, snapshot)
  }

  /** As it was at one moment of a history. */
  set(states: readonly ActorState[]): void {
    this.clear()
    // The root has one state and is not recorded.
    this.#set('router', { status: 'active', value: {} })
    for (const { id, state, context } of states) this.#set(id, { status: 'active', value: state, context })
  }

  of(machine: MachineName): readonly Actor[] {
    return [...this.actors.values()].filter((actor) => actor.machine === machine)
  }

  get ledger(): Ledger | undefined {
    const context = this.actors.get('scheduler')?.context as { readonly ledger?: Ledger } | undefined
    return context?.ledger
  }

  #set(id: string, { value, context }: ShownSnapshot): void {
    const machine = machineNames.find((name) => id === name || id.startsWith(`${name}.`))
    // A child and its probe are no machines.
    if (machine) this.actors.set(id, { id, machine, value, context })
  }
}

/** The name of the model that a process or a swap is about. */
export function modelOf(id: string): string {
  return id.slice(id.indexOf('.') + 1)
}
