import { fromCallback } from 'xstate'
import type { ChildEvent, ChildStop, Life } from './child.ts'
import type { Edge } from './edge.ts'
import type { Clock } from './timers.ts'

export type Say = (event: ChildEvent) => void

/** All that the actor system asks of the outside world. */
export interface Outside {
  readonly clock: Clock
  /** Starts the process of a life. It says `child.spawned`, and `child.exited` as its last word. */
  start(life: Life, say: Say): { stop(graceMs: number): void; kill(): void }
  /** Probes the life's check endpoint until it answers, then says `child.ready`. Returns the function that ends the probing. */
  probe(life: Life, say: Say): () => void
}

/** The two actors by which a process reaches the world. */
export function childActors(outside: Outside, edge: Edge) {
  const child = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack, receive }) => {
    edge.leave({ type: 'child.start', model, swap })
    const child = outside.start({ model, swap }, (event) => edge.enter(event, () => sendBack(event)))
    receive(({ graceMs }) => {
      edge.leave({ type: 'child.stop', model, swap, graceMs })
      child.stop(graceMs)
    })
    return () => child.kill()
  })
  const readiness = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack }) => {
    edge.leave({ type: 'child.probe', model, swap })
    return outside.probe({ model, swap }, (event) => edge.enter(event, () => sendBack(event)))
  })
  return { child, readiness }
}
