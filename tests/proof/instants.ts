import type { Scene } from '../../proof/scene.ts'
import type { System } from '../../proof/system/system.ts'
import { ticketsOf } from '../../proof/tickets.ts'

/** The next moment at which a timer rings or a comparison with the present comes out otherwise; undefined when there is none. */
export function nextInstant(
  { process }: System,
  { ledger, processes, deadline, scheduler }: Scene,
): number | undefined {
  const timers = [...processes.values()].flatMap(({ value, context }) => {
    const timer = process.timer(process.at(value, context))
    return timer ? [context.at + timer.delayMs] : []
  })
  if (scheduler === 'closed.draining' && deadline !== null) timers.push(deadline)

  const { now, routing } = ledger
  const comparisons = [
    ...ledger.models.flatMap(({ backoff }) => (backoff ? [backoff.until] : [])),
    ...ledger.models.flatMap(({ presence }) =>
      presence.state === 'ready' ? [presence.since + routing.minTenureMs] : [],
    ),
    ...ticketsOf(ledger).map(({ at }) => at + routing.maxWaitMs),
  ].filter((instant) => instant > now)
  const instants = [...timers, ...comparisons]
  return instants.length === 0 ? undefined : Math.min(...instants)
}
