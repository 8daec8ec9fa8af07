import { type ActorRef, type CallbackActorLogic, fromCallback, type Snapshot, setup } from 'xstate'
import type { ChildEvent, ChildStop, Life } from './child.ts'
import type { ProcessChanged, ProcessCommand, ProcessIdle } from './events.ts'
import type { SwapId } from './ids.ts'
import type { Failure } from './policy/failure.ts'
import { type ModelSettings, noModel, reapMs } from './policy/settings.ts'

export interface ProcessContext {
  readonly settings: ModelSettings
  /** Hears of every change. */
  readonly router: ActorRef<Snapshot<unknown>, ProcessChanged | ProcessIdle>
  /** The current life, or the last one. */
  readonly swap: SwapId
  /** When the current state was entered, by the clock of the events. */
  readonly at: number
  /** Why this life did not, or will not, end in `ready`. */
  readonly failure: Failure | null
  readonly graceMs: number
  /** What this life has, or had, to become ready. */
  readonly healthMs: number
  /** What the timer of a ready process is wound for. */
  readonly idleMs: number
}

/** The longest delay that a timer of the platform holds. The scheduler winds the idle timer again for what is left. */
const longestDelayMs = 2 ** 31 - 1

function unprovided(name: string): CallbackActorLogic<ChildStop, Life> {
  return fromCallback(() => {
    throw new Error(`processMachine needs its \`${name}\` actor: provide one`)
  })
}

const base = setup({
  types: {
    context: {} as ProcessContext,
    events: {} as ProcessCommand | ChildEvent,
    input: {} as { settings: ModelSettings; router: ProcessContext['router'] },
    children: {} as { child: 'child'; readiness: 'readiness' },
  },
  actors: {
    /** The operating system's process, from spawn to reaped. Sends `child.spawned` and `child.exited`. */
    child: unprovided('child'),
    /** Probes the check endpoint. Sends `child.ready`. */
    readiness: unprovided('readiness'),
  },
})

function graceOf({ settings }: ProcessContext, event: ProcessCommand | ChildEvent): number {
  return (event.type === 'process.stop' ? event.graceMs : null) ?? settings.unloadTimeoutMs
}

function isOfLife(swap: SwapId, event: ProcessCommand | ChildEvent): boolean {
  return 'swap' in event && event.swap === swap
}

function report(state: ProcessChanged['state']) {
  return base.sendTo(
    ({ context }) => context.router,
    ({ context: { settings, swap, failure, at } }) => ({
      type: 'process.changed' as const,
      model: settings.id,
      swap,
      state,
      failure,
      at,
    }),
  )
}

/** One model's process: a static actor whose lives come and go. It carries out commands and reports; it decides nothing. */
export const processMachine = base
  .extend({
    guards: {
      isCurrent: ({ context, event }) => isOfLife(context.swap, event),
      isCurrentAndTimed: ({ context, event }) => isOfLife(context.swap, event) && context.settings.ttlMs > 0,
    },
    delays: {
      healthDeadline: ({ context }) => context.healthMs,
      idleTime: ({ context }) => context.idleMs,
      stopDeadline: ({ context }) => context.graceMs + reapMs,
    },
    actions: {
      begin: base.assign(({ context: { settings }, event }) =>
        event.type === 'process.start'
          ? { swap: event.swap, at: event.at, failure: null, healthMs: settings.healthCheckTimeoutMs }
          : {},
      ),
      configure: base.assign(({ event }) => (event.type === 'process.configure' ? { settings: event.settings } : {})),
      advance: base.assign(({ event }) => ({ at: event.at })),
      wind: base.assign(({ context, event }) => ({
        at: event.at,
        idleMs: Math.min(event.type === 'process.wind' ? event.forMs : context.settings.ttlMs, longestDelayMs),
      })),
      setGrace: base.assign(({ context, event }) => ({ at: event.at, graceMs: graceOf(context, event) })),
      shortenGrace: base.assign(({ context, event }) => ({
        graceMs: Math.min(context.graceMs, graceOf(context, event)),
      })),
      /** Timers carry no time: theirs is that of the state they end, and the delay. */
      giveUp: base.assign(({ context: { at, healthMs, settings } }) => ({
        at: at + healthMs,
        failure: { type: 'unready', afterMs: healthMs },
        graceMs: settings.unloadTimeoutMs,
      })),
      overrun: base.assign(({ context: { at, graceMs } }) => ({ at: at + graceMs + reapMs })),
      blameExit: base.assign(({ event }) =>
        event.type === 'child.exited' ? { failure: { type: 'exit', exit: event.exit } } : {},
      ),
      reportStopped: report('stopped'),
      reportStarting: report('starting'),
      reportReady: report('ready'),
      reportStopping: report('stopping'),
      reportStuck: report('stuck'),
      reportIdle: base.sendTo(
        ({ context }) => context.router,
        ({ context: { settings, swap, at, idleMs } }) => ({
          type: 'process.idle' as const,
          model: settings.id,
          swap,
          at: at + idleMs,
        }),
      ),
      /** Whoever waits for the end of an earlier life hears that it is over. */
      reportOver: base.sendTo(
        ({ context }) => context.router,
        ({ context, event }) => ({
          type: 'process.changed' as const,
          model: context.settings.id,
          swap: 'swap' in event ? event.swap : context.swap,
          state: 'stopped' as const,
          failure: null,
          at: event.at,
        }),
      ),
      stopChild: base.sendTo('child', ({ context }) => ({ type: 'child.stop' as const, graceMs: context.graceMs })),
    },
  })
  .createMachine({
    id: 'process',
    context: ({ input }) => ({
      // The pure `transition()` makes a throw-away context without input for each call.
      settings: input?.settings ?? noModel,
      router: input?.router,
      swap: 0 as SwapId,
      at: 0,
      failure: null,
      graceMs: 0,
      healthMs: 0,
      idleMs: 0,
    }),
    initial: 'stopped',
    on: { 'process.configure': { actions: 'configure' } },
    states: {
      stopped: {
        description: 'No process, no memory, a free port.',
        on: {
          'process.start': { target: 'alive', actions: 'begin' },
          'process.stop': { actions: 'reportOver' },
          'process.wind': {},
        },
      },
      alive: {
        description: 'A child exists, and with it its place on the GPU.',
        invoke: {
          id: 'child',
          src: 'child',
          input: ({ context }) => ({ model: context.settings.id, swap: context.swap }),
        },
        initial: 'starting',
        states: {
          starting: {
            description: 'Loading: its check endpoint has not answered 200 yet.',
            entry: 'reportStarting',
            invoke: {
              id: 'readiness',
              src: 'readiness',
              input: ({ context }) => ({ model: context.settings.id, swap: context.swap }),
            },
            after: { healthDeadline: { target: 'stopping', actions: 'giveUp' } },
            on: {
              'child.ready': [
                { guard: 'isCurrentAndTimed', target: 'ready.timed', actions: 'wind' },
                { guard: 'isCurrent', target: 'ready', actions: 'advance' },
              ],
              'child.exited': {
                guard: 'isCurrent',
                target: '#process.stopped',
                actions: ['advance', 'blameExit', 'reportStopped'],
              },
              'process.stop': { guard: 'isCurrent', target: 'stopping', actions: 'setGrace' },
            },
          },
          ready: {
            description: 'It answers.',
            entry: 'reportReady',
            on: {
              'process.stop': { guard: 'isCurrent', target: 'stopping', actions: 'setGrace' },
              'process.wind': { guard: 'isCurrent', target: '.timed', actions: 'wind' },
            },
            initial: 'kept',
            states: {
              kept: { description: 'No timer runs: it has none, or it rang while a request was being served.' },
              timed: {
                description: 'The timer runs: of the ttl, or of the drain when a reload has made the process outdated.',
                after: { idleTime: { target: 'kept', actions: 'reportIdle' } },
              },
            },
          },
          stopping: {
            description: 'Told to end; forced to after its grace time.',
            entry: ['reportStopping', 'stopChild'],
            after: { stopDeadline: { target: 'stuck', actions: 'overrun' } },
            on: {
              'process.stop': { guard: 'isCurrent', actions: ['shortenGrace', 'stopChild'] },
            },
          },
          stuck: {
            description: 'Still there after SIGKILL. Its memory counts as taken; the next stop tries again.',
            entry: 'reportStuck',
            on: {
              'process.stop': { guard: 'isCurrent', target: 'stopping', actions: 'setGrace' },
            },
          },
        },
        on: {
          'child.spawned': {},
          'child.ready': {},
          'child.exited': { guard: 'isCurrent', target: 'stopped', actions: ['advance', 'reportStopped'] },
          'process.stop': { actions: 'reportOver' },
          'process.wind': {},
        },
      },
    },
    options: { maxIterations: 1000 },
  })
