import { createActor, fromCallback } from 'xstate'
import type { Config, Model, ModelId } from '../config/config.ts'
import type { ChildStop, Life } from '../machines/child.ts'
import type { Ledger } from '../machines/policy/ledger.ts'
import { settingsOf } from '../machines/policy/settings.ts'
import { processMachine } from '../machines/process.ts'
import { routerMachine } from '../machines/router.ts'
import type { ProcessHost } from '../process/host.ts'
import type { Router } from './desk.ts'

/** The actor system, with real processes for its children. */
export interface System {
  readonly router: Router
  /** What the scheduler knows at this moment. */
  ledger(): Ledger
}

/** @param onFatal hears of an error that ended an actor. Nothing is decided any more: see to the processes and the callers. */
export function startSystem(config: Config, host: ProcessHost, onFatal: (error: unknown) => void): System {
  const modelOf = (id: ModelId): Model => {
    const model = config.models.get(id)
    if (!model) throw new Error(`no configuration for model ${JSON.stringify(id)}`)
    return model
  }

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
    { id: 'router', input: { settings: settingsOf(config) } },
  )
  router.subscribe({ error: onFatal })
  router.start()

  return {
    router,
    ledger() {
      const scheduler = router.getSnapshot().children.scheduler
      if (!scheduler) throw new Error('the scheduler is gone')
      return scheduler.getSnapshot().context.ledger
    },
  }
}
