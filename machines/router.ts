import { type ActorRefFrom, setup } from 'xstate'
import type { ModelId } from '../config/config.ts'
import type { Command, SchedulerEvent, WorldEvent } from './events.ts'
import type { SwapId } from './ids.ts'
import type { Settings } from './policy/settings.ts'
import { processMachine } from './process.ts'
import { schedulerMachine } from './scheduler.ts'
import { swapMachine } from './swap.ts'

export interface RouterContext {
  readonly processes: ReadonlyMap<ModelId, ActorRefFrom<typeof processMachine>>
  readonly swaps: readonly { readonly swap: SwapId; readonly ref: ActorRefFrom<typeof swapMachine> }[]
}

const base = setup({
  types: {
    context: {} as RouterContext,
    events: {} as SchedulerEvent | Command,
    emitted: {} as Command | WorldEvent,
    input: {} as { settings: Settings },
    children: {} as { scheduler: 'scheduler' },
  },
  actors: { scheduler: schedulerMachine, process: processMachine, swap: swapMachine },
})

type EventOf<T extends (SchedulerEvent | Command)['type']> = Extract<SchedulerEvent | Command, { type: T }>

/** The actors' ids within the router: static ones, one per model, because XState remembers every id it has ever seen. */
const processActorId = (model: ModelId) => `process.${model}`
const swapActorId = (target: ModelId) => `swap.${target}`

/**
 * The root. It passes on to the scheduler what happens, and carries out what the scheduler commands. What comes from the
 * other actors it emits, for whoever listens: to a reply there is nothing else to be done.
 */
export const routerMachine = base
  .extend({
    actions: {
      tellScheduler: base.sendTo('scheduler', ({ event }) => event as SchedulerEvent),
      tellSwaps: base.enqueueActions(({ context, event, enqueue }) => {
        for (const { ref } of context.swaps) enqueue.sendTo(ref, event as EventOf<'process.changed'>)
      }),
      startSwap: base.enqueueActions(({ context, event, enqueue, self }) => {
        const { swap, target, clear, keep, at } = event as EventOf<'swap.start'>
        const input = {
          swap,
          target,
          keep,
          at,
          router: self,
          process: processOf(context, target),
          clear: clear.map((life) => ({ ...life, process: processOf(context, life.model) })),
        }
        enqueue.assign({
          swaps: ({ spawn }) => [...context.swaps, { swap, ref: spawn('swap', { id: swapActorId(target), input }) }],
        })
      }),
      abortSwap: base.enqueueActions(({ context, event, enqueue }) => {
        const { swap, at } = event as EventOf<'swap.abort'>
        const current = context.swaps.find((other) => other.swap === swap)
        if (current) enqueue.sendTo(current.ref, { type: 'swap.abort', at })
      }),
      endSwap: base.enqueueActions(({ context, event, enqueue }) => {
        const { swap } = event as EventOf<'swap.done'>
        const current = context.swaps.find((other) => other.swap === swap)
        if (!current) return
        enqueue.stopChild(current.ref)
        enqueue.assign({ swaps: context.swaps.filter((other) => other !== current) })
      }),
      stopProcesses: base.enqueueActions(({ context, event, enqueue }) => {
        const { lives, graceMs, at } = event as EventOf<'processes.stop'>
        for (const { model, swap } of lives) {
          enqueue.sendTo(processOf(context, model), { type: 'process.stop', swap, graceMs, at })
        }
      }),
      configureProcesses: base.enqueueActions(({ context, event, enqueue, self }) => {
        const { models, at } = event as EventOf<'processes.configure'>
        for (const settings of models) {
          const known = context.processes.get(settings.id)
          if (known) enqueue.sendTo(known, { type: 'process.configure', settings, at })
        }
        enqueue.assign({
          processes: ({ spawn }) => {
            const added = models.filter(({ id }) => !context.processes.has(id))
            const spawned = added.map((settings) => {
              const input = { settings, router: self }
              return [settings.id, spawn('process', { id: processActorId(settings.id), input })] as const
            })
            return new Map([...context.processes, ...spawned])
          },
        })
      }),
      dropProcesses: base.enqueueActions(({ context, event, enqueue }) => {
        const { models } = event as EventOf<'processes.drop'>
        for (const model of models) enqueue.stopChild(processOf(context, model))
        enqueue.assign({ processes: new Map([...context.processes].filter(([id]) => !models.includes(id))) })
      }),
      windProcess: base.sendTo(
        ({ context, event }) => processOf(context, (event as EventOf<'idle.wind'>).model),
        ({ event }) => {
          const { swap, forMs, at } = event as EventOf<'idle.wind'>
          return { type: 'process.wind' as const, swap, forMs, at }
        },
      ),
      announce: base.emit(({ event }) => event as Command | WorldEvent),
      /** Nothing the system says may fall on the floor; an error of a child ends the root as its own. */
      complain: ({ event }) => {
        throw 'error' in event ? event.error : new Error(`router: nobody handles ${JSON.stringify(event)}`)
      },
    },
  })
  .createMachine({
    id: 'router',
    description: 'Passes facts to the scheduler and carries out its commands. Announces both.',
    context: ({ input, spawn, self }) => {
      const { models } = input.settings
      spawn('scheduler', { id: 'scheduler', input: { settings: input.settings, router: self } })
      const processes = new Map(
        models.map((settings) => [
          settings.id,
          spawn('process', { id: processActorId(settings.id), input: { settings, router: self } }),
        ]),
      )
      return { processes, swaps: [] }
    },
    on: {
      request: { actions: 'tellScheduler' },
      'request.cancel': { actions: 'tellScheduler' },
      'serve.done': { actions: 'tellScheduler' },
      unload: { actions: 'tellScheduler' },
      'config.changed': { actions: 'tellScheduler' },
      shutdown: { actions: 'tellScheduler' },
      'process.changed': { actions: ['announce', 'tellScheduler', 'tellSwaps'] },
      'process.idle': { actions: ['announce', 'tellScheduler'] },
      'swap.done': { actions: ['announce', 'endSwap', 'tellScheduler'] },

      'swap.start': { actions: ['announce', 'startSwap'] },
      'swap.abort': { actions: ['announce', 'abortSwap'] },
      'processes.stop': { actions: ['announce', 'stopProcesses'] },
      'processes.configure': { actions: ['announce', 'configureProcesses'] },
      'processes.drop': { actions: ['announce', 'dropProcesses'] },
      'idle.wind': { actions: ['announce', 'windProcess'] },

      'grant.serve': { actions: 'announce' },
      'grant.error': { actions: 'announce' },
      'unload.done': { actions: 'announce' },
      'shutdown.done': { actions: 'announce' },

      '*': { actions: 'complain' },
    },
    options: { maxIterations: 1000 },
  })

/** Every model of the ledger has its process; `sendTo(undefined)` would silently send to the router itself. */
function processOf({ processes }: RouterContext, model: ModelId): ActorRefFrom<typeof processMachine> {
  const process = processes.get(model)
  if (!process) throw new Error(`router: no process for model ${JSON.stringify(model)}`)
  return process
}
