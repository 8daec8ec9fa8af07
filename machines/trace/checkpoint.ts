import type { Actor, AnyActorRef, AnyMachineSnapshot } from 'xstate'
import type { Ledger } from '../policy/ledger.ts'
import type { routerMachine } from '../router.ts'
import type { SchedulerContext } from '../scheduler.ts'
import type { Timer } from '../timers.ts'
import type { ActorState, Checkpoint } from './frame.ts'

/**
 * The state of every actor while the system is at rest. Nothing is copied: contexts are never mutated, and become JSON when
 * somebody asks for it.
 */
export function checkpointOf(router: Actor<typeof routerMachine>, timers: readonly Timer[]): Checkpoint {
  return { type: 'checkpoint', actors: actorsOf(router).map(stateOf), timers }
}

/** The scheduler, the processes and the swaps. */
export function actorsOf(router: Actor<typeof routerMachine>): readonly AnyActorRef[] {
  const { children, context } = router.getSnapshot()
  const swaps = context.swaps.map(({ ref }) => ref)
  return [children.scheduler, ...context.processes.values(), ...swaps].filter((ref) => ref !== undefined)
}

function stateOf(ref: AnyActorRef): ActorState {
  const { value, context } = ref.getSnapshot() as AnyMachineSnapshot
  return { id: ref.id, state: value, context }
}

/** What the scheduler knows at a checkpoint that was read from a trace. */
export function ledgerAt({ actors }: Checkpoint): Ledger | undefined {
  const scheduler = actors.find(({ id }) => id === 'scheduler')
  return (scheduler?.context as SchedulerContext | undefined)?.ledger
}
