import { type ActorRef, type Snapshot, setup } from 'xstate'
import type { Command, SchedulerEvent } from './events.ts'
import { type Ledger, openLedger } from './policy/ledger.ts'
import { release } from './policy/rules/lease.ts'
import { expire, note } from './policy/rules/process.ts'
import { reconsider } from './policy/rules/reconsider.ts'
import { adopt, discard } from './policy/rules/reload.ts'
import { consider, forget, refuseLate } from './policy/rules/request.ts'
import { isCleared, isDrained, refuseAll, report, stopAll } from './policy/rules/shutdown.ts'
import type { Step } from './policy/rules/step.ts'
import { settle } from './policy/rules/swap.ts'
import { conclude, withdraw } from './policy/rules/unload.ts'
import { noSettings, type Settings } from './policy/settings.ts'

export interface SchedulerContext {
  readonly ledger: Ledger
  /** Carries out the commands. */
  readonly router: ActorRef<Snapshot<unknown>, Command>
  /** When the budget of the shutdown is spent; null while open. */
  readonly deadline: number | null
}

const scheduler = setup({
  types: {
    context: {} as SchedulerContext,
    events: {} as SchedulerEvent,
    input: {} as { settings: Settings; router: SchedulerContext['router'] },
  },
})

type EventOf<T extends SchedulerEvent['type']> = Extract<SchedulerEvent, { type: T }>

/** Follows the rule when the event is of this type, and sends what it commands to the router. */
function follow<T extends SchedulerEvent['type']>(type: T, rule: (ledger: Ledger, event: EventOf<T>) => Step) {
  return scheduler.enqueueActions(({ context, event, enqueue }) => {
    if (event.type !== type) return
    const now = Math.max(context.ledger.now, event.at)
    const [ledger, commands] = rule({ ...context.ledger, now }, event as EventOf<T>)
    enqueue.assign({ ledger })
    for (const command of commands) enqueue.sendTo(context.router, command)
  })
}

/** Follows a rule that only looks at the ledger, whatever happened to it. */
function followUp(rule: (ledger: Ledger, deadline: number | null) => Step) {
  return scheduler.enqueueActions(({ context, enqueue }) => {
    const [ledger, commands] = rule(context.ledger, context.deadline)
    if (ledger !== context.ledger) enqueue.assign({ ledger })
    for (const command of commands) enqueue.sendTo(context.router, command)
  })
}

/** Decides who is served, who waits and which model comes and goes. The table of contents of `policy/rules/`. */
export const schedulerMachine = scheduler
  .extend({
    actions: {
      consider: follow('request', consider),
      forget: follow('request.cancel', forget),
      release: follow('serve.done', release),
      settle: follow('swap.done', settle),
      note: follow('process.changed', note),
      expire: follow('process.idle', expire),
      withdraw: follow('unload', withdraw),
      adopt: follow('config.changed', adopt),
      refuseAll: follow('shutdown', refuseAll),
      refuseLate: follow('request', refuseLate),
      reconsider: followUp(reconsider),
      conclude: followUp(conclude),
      discard: followUp(discard),
      stopAll: followUp((ledger, deadline) => stopAll(ledger, Math.max(1, (deadline ?? 0) - ledger.now))),
      killAll: followUp((ledger) => stopAll(ledger, 1)),
      report: followUp(report),
      setDeadline: scheduler.assign({
        deadline: ({ event }) => (event.type === 'shutdown' ? event.at + event.budgetMs : null),
      }),
    },
    guards: {
      isDrained: ({ context }) => isDrained(context.ledger),
      isCleared: ({ context }) => isCleared(context.ledger),
    },
    delays: {
      budget: ({ event }) => (event.type === 'shutdown' ? event.budgetMs : 0),
    },
  })
  .createMachine({
    id: 'scheduler',
    context: ({ input }) => ({
      // The pure `transition()` makes a throw-away context without input for each call.
      ledger: openLedger(input?.settings ?? noSettings),
      router: input?.router,
      deadline: null,
    }),
    initial: 'open',
    states: {
      open: {
        description: 'Requests are admitted, queued and granted.',
        on: {
          request: { actions: 'consider' },
          'config.changed': { actions: ['adopt', 'reconsider', 'conclude', 'discard'] },
          shutdown: { target: 'closed' },
        },
      },
      closed: {
        description: 'No request is admitted any more; what runs comes to its end.',
        entry: ['setDeadline', 'refuseAll'],
        on: { request: { actions: 'refuseLate' }, 'config.changed': {}, shutdown: {} },
        initial: 'draining',
        states: {
          draining: {
            description: 'Responses may finish within the budget.',
            always: { guard: 'isDrained', target: 'clearing', actions: 'stopAll' },
            after: { budget: { target: 'clearing', actions: 'killAll' } },
          },
          clearing: {
            description: 'Every process is being stopped.',
            always: { guard: 'isCleared', target: 'cleared' },
          },
          cleared: { description: 'Nothing is left to end.', entry: 'report' },
        },
      },
    },
    on: {
      'request.cancel': { actions: ['forget', 'reconsider'] },
      'serve.done': { actions: ['release', 'reconsider', 'discard'] },
      'swap.done': { actions: ['settle', 'reconsider', 'conclude', 'discard'] },
      'process.changed': { actions: ['note', 'reconsider', 'conclude', 'discard'] },
      'process.idle': { actions: 'expire' },
      unload: { actions: ['withdraw', 'reconsider', 'conclude'] },
    },
    options: { maxIterations: 1000 },
  })
