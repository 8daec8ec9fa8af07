import { createActor, fromCallback } from 'xstate'
import type { Model, ModelId } from '../config/config.ts'
import type { ChildStop, Life } from '../machines/child.ts'
import type { Ledger } from '../machines/policy/ledger.ts'
import type { Settings } from '../machines/policy/settings.ts'
import { processMachine } from '../machines/process.ts'
import { routerMachine } from '../machines/router.ts'
import { inspectMessages, type Observer } from '../machines/trace/messages.ts'
import type { ProcessHost } from '../process/host.ts'
import type { Router } from './desk.ts'

/** The actor system, with real processes for its children. */
export interface System {
  readonly router: Router
  /** What the scheduler knows at this moment. */
  ledger(): Ledger
  /** Calls back with every message between the actors, as it is delivered. Returns the function that ends it. */
  observe(observer: Observer): () => void
}

/**
 * @param modelOf the model as it is configured at this moment
 * @param onFatal hears of an error that ended an actor. Nothing is decided any more: see to the processes and the callers.
 * @param onFault hears of an observer that threw. It changes nothing for the actors.
 */
export function startSystem(
  settings: Settings,
  modelOf: (id: ModelId) => Model,
  host: ProcessHost,
  { onFatal, onFault }: { onFatal(error: unknown): void; onFault(fault: unknown): void },
): System {
  const observers = new Set<Observer>()
  const child = fromCallback<ChildStop, Life>(({ input, sendBack, receive }) => {
    const child = host.spawn(modelOf(input.model), input.swap, sendBack)
    receive(({ graceMs }) => child.stop(graceMs))
    return () => child.kill()
  })
  const readiness = fromCallback<ChildStop, Life>(({ input, sendBack }) =>
    host.awaitReady(modelOf(input.model), input.swap, sendBack),
  )

  const router = createActor(
    routerMachine.provide({ actors: { process: processMachine.provide({ actors: { child, readiness } }) } }),
    {
      id: 'router',
      input: { settings },
      inspect: inspectMessages((message) => {
        for (const observe of observers) observe(message)
      }, onFault),
    },
  )
  router.subscribe({ error: onFatal })
  router.start()

  return {
    router,
    observe(observer) {
      observers.add(observer)
      return () => observers.delete(observer)
    },
    ledger() {
      const scheduler = router.getSnapshot().children.scheduler
      if (!scheduler) throw new Error('the scheduler is gone')
      return scheduler.getSnapshot().context.ledger
    },
  }
}
