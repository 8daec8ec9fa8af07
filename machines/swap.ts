import { type ActorRef, type Snapshot, setup } from 'xstate'
import type { ModelId } from '../config/config.ts'
import type { Life } from './child.ts'
import type { ProcessChanged, ProcessCommand, SwapDone, SwapOutcome } from './events.ts'
import type { SwapId } from './ids.ts'

export type ProcessRef = ActorRef<Snapshot<unknown>, ProcessCommand>

export interface SwapInput {
  readonly swap: SwapId
  readonly target: ModelId
  /** The lives that must end before the target may start. */
  readonly clear: readonly (Life & { readonly process: ProcessRef })[]
  /** The target's life when it is ready already. */
  readonly keep: SwapId | null
  readonly process: ProcessRef
  readonly at: number
  readonly router: ActorRef<Snapshot<unknown>, SwapDone>
}

export interface SwapContext extends SwapInput {
  readonly outcome: SwapOutcome
}

type SwapEvent = ProcessChanged | { readonly type: 'swap.abort'; readonly at: number }

const base = setup({ types: { context: {} as SwapContext, events: {} as SwapEvent, input: {} as SwapInput } })

/**
 * One swap: the victims stop, then the target starts, unless it is ready already. It ends by itself, because every process it waits for has its
 * deadlines, and it says `swap.done` once.
 */
export const swapMachine = base
  .extend({
    guards: {
      isClear: ({ context }) => context.clear.length === 0,
      isClearAndKept: ({ context }) => context.clear.length === 0 && context.keep !== null,
      isKeptLost: ({ context, event }) =>
        event.type === 'process.changed' &&
        event.model === context.target &&
        event.swap === context.keep &&
        event.state !== 'ready',
      isStuckVictim: ({ context, event }) =>
        event.type === 'process.changed' && event.state === 'stuck' && context.clear.some((life) => isOf(life, event)),
      isTargetReady: ({ context, event }) => isTarget(context, event) && event.state === 'ready',
      isTargetGone: ({ context, event }) => isTarget(context, event) && event.state === 'stopped',
      isTargetStuck: ({ context, event }) => isTarget(context, event) && event.state === 'stuck',
    },
    actions: {
      stopVictims: base.enqueueActions(({ context, enqueue }) => {
        for (const { process, swap } of context.clear) {
          enqueue.sendTo(process, { type: 'process.stop', swap, graceMs: null, at: context.at })
        }
      }),
      startTarget: base.sendTo(
        ({ context }) => context.process,
        ({ context: { swap, at } }) => ({ type: 'process.start' as const, swap, at }),
      ),
      stopTarget: base.sendTo(
        ({ context }) => context.process,
        ({ context: { swap, at } }) => ({ type: 'process.stop' as const, swap, graceMs: null, at }),
      ),
      advance: base.assign(({ context, event }) => ({ at: Math.max(context.at, event.at) })),
      strikeOff: base.assign(({ context, event }) => ({
        clear:
          event.type === 'process.changed' && event.state === 'stopped'
            ? context.clear.filter((life) => !isOf(life, event))
            : context.clear,
      })),
      /** The target that was to be kept is ending: it must have ended before it starts again. */
      loseKept: base.assign(({ context: { target, keep, process, clear } }) => ({
        keep: null,
        clear: keep === null ? clear : [...clear, { model: target, swap: keep, process }],
      })),
      succeed: base.assign({ outcome: { type: 'ready' } }),
      fail: base.assign({ outcome: ({ event }) => failureOf(event) }),
      blameVictim: base.assign({
        outcome: ({ context, event }) => ({
          type: 'stuck',
          victim: event.type === 'process.changed' ? event.model : context.target,
        }),
      }),
      reportDone: base.sendTo(
        ({ context }) => context.router,
        ({ context: { swap, target, outcome, at } }) => ({ type: 'swap.done' as const, swap, target, outcome, at }),
      ),
    },
  })
  .createMachine({
    id: 'swap',
    context: ({ input }) => ({ ...input, outcome: { type: 'aborted' } }),
    initial: 'clearing',
    states: {
      clearing: {
        description: 'The victims are being stopped.',
        entry: 'stopVictims',
        always: [
          { guard: 'isClearAndKept', target: 'done', actions: 'succeed' },
          { guard: 'isClear', target: 'loading' },
        ],
        on: {
          'process.changed': [
            { guard: 'isKeptLost', actions: ['advance', 'loseKept', 'strikeOff'] },
            { guard: 'isStuckVictim', target: 'done', actions: ['advance', 'blameVictim'] },
            { actions: ['advance', 'strikeOff'] },
          ],
          'swap.abort': { target: 'done', actions: 'advance' },
        },
      },
      loading: {
        description: 'The target has the place and is starting.',
        entry: 'startTarget',
        on: {
          'process.changed': [
            { guard: 'isTargetReady', target: 'done', actions: ['advance', 'succeed'] },
            { guard: 'isTargetGone', target: 'done', actions: ['advance', 'fail'] },
            { guard: 'isTargetStuck', target: 'done', actions: ['advance', 'fail'] },
          ],
          'swap.abort': { target: 'aborting', actions: 'advance' },
        },
      },
      aborting: {
        description: 'Nobody wants the target any more: it is being stopped.',
        entry: 'stopTarget',
        on: {
          'process.changed': [
            { guard: 'isTargetGone', target: 'done', actions: 'advance' },
            { guard: 'isTargetStuck', target: 'done', actions: 'advance' },
          ],
          'swap.abort': {},
        },
      },
      done: {
        description: 'It has said what came of it, and waits to be stopped.',
        entry: 'reportDone',
        on: { 'process.changed': {}, 'swap.abort': {} },
      },
    },
    options: { maxIterations: 1000 },
  })

function isOf(life: Life, { model, swap }: Life): boolean {
  return life.model === model && life.swap === swap
}

function isTarget({ target, swap }: SwapContext, event: SwapEvent): event is ProcessChanged {
  return event.type === 'process.changed' && event.model === target && event.swap === swap
}

/** A target that was stopped by somebody else while it loaded has not failed: its load was given up. */
function failureOf(event: SwapEvent): SwapOutcome {
  const failure = event.type === 'process.changed' ? event.failure : null
  return failure ? { type: 'failed', failure } : { type: 'aborted' }
}
