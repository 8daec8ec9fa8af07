import type { Witness } from '../edge.ts'
import { Engine } from '../engine.ts'
import { SimulatedClock } from '../trace/clock.ts'
import { Clients } from './clients.ts'
import { Estimates } from './estimates.ts'
import type { Past } from './past.ts'
import { Processes } from './processes.ts'

/** How much longer than the past it may take: where waiting has no bound, somebody may wait for ever. */
const mostMs = 7 * 24 * 3_600_000

/**
 * Lets a past happen again, or what it would have been under other settings: the same clients come, and processes take as
 * long as they took, while the real machines decide anew. Begins with nothing loaded, and ends when the last client has left.
 */
export function simulate(past: Past, witness: Witness): void {
  const clock = new SimulatedClock(past.begin)
  const estimates = new Estimates(past)
  const fail = (fault: unknown) => {
    throw fault
  }
  const processes = new Processes(past, estimates, clock, (model) => clients.cutOff(model))
  const engine = new Engine(past.settings, processes, { witness, onFailure: fail, onFault: fail })
  engine.start()
  const clients = new Clients(past, estimates, engine, clock)
  const end = past.end + mostMs
  for (let next = clock.next(); next !== undefined && next < end && clients.areThere; next = clock.next()) {
    clock.advanceTo(next)
  }
  engine.stop()
}
