import { enqueueActions } from 'xstate'
import type { SchedulerEvent } from '../../machines/events.ts'
import type { Ledger } from '../../machines/policy/ledger.ts'
import type { Step } from '../../machines/policy/rules/step.ts'
import { routerMachine } from '../../machines/router.ts'
import { schedulerMachine } from '../../machines/scheduler.ts'

type Scheduler = Parameters<typeof schedulerMachine.provide>[0]['actions']
export type Rule = (ledger: Ledger, event: never) => Step

/** A scheduler in which one rule is another. */
export function mutant(action: keyof NonNullable<Scheduler>, rule: Rule): typeof routerMachine {
  const follow = enqueueActions(({ context, event, enqueue }) => {
    const at = (event as SchedulerEvent).at ?? 0
    const [ledger, commands] = rule({ ...context.ledger, now: Math.max(context.ledger.now, at) }, event as never)
    enqueue.assign({ ledger })
    for (const command of commands) enqueue.sendTo(context.router, command)
  })
  const scheduler = schedulerMachine.provide({ actions: { [action]: follow } as never })
  return routerMachine.provide({ actors: { scheduler } })
}
