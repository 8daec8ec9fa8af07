import type { RequestId } from '../ids.ts'
import type { Ledger } from '../policy/ledger.ts'
import type { Input, Output } from '../trace/lines.ts'
import type { Visit } from './past.ts'

interface Open extends Visit {
  readonly grantedAt: number | null
}

/** Tells from the lines of a trace who came, how long they were served and when they lost patience. */
export class VisitBook {
  readonly #visits = new Map<RequestId, Open>()
  readonly #over: Open[] = []

  /**
   * Who is there at a checkpoint. For whoever is served already and was not seen to come, this is when it came; whoever was
   * seen and is there no more has left while nobody recorded it.
   */
  meet({ queue, swaps, models }: Ledger, at: number): void {
    const waiting = [...queue, ...swaps.flatMap(({ waiters }) => waiters)].map((ticket) => ({
      ...ticket,
      grantedAt: null,
    }))
    const served = models.flatMap(({ settings, leases }) =>
      leases.map((request) => ({ request, model: settings.id, at, grantedAt: at })),
    )
    const present = [...waiting, ...served]
    const ids = new Set(present.map(({ request }) => request))
    for (const request of [...this.#visits.keys()]) if (!ids.has(request)) this.#close(request)
    for (const visit of present) if (!this.#visits.has(visit.request)) this.#open(visit)
  }

  note(line: Input | Output, now: number): void {
    switch (line.type) {
      case 'request':
        this.#open({ request: line.request, model: line.model, at: line.at, grantedAt: null })
        return
      case 'grant.serve':
        this.#change(line.request, (visit) => ({ ...visit, grantedAt: now }))
        return
      case 'request.cancel':
        this.#change(line.request, (visit) =>
          visit.grantedAt === null ? { ...visit, patienceMs: now - visit.at } : visit,
        )
        return
      case 'serve.done':
        this.#change(line.request, (visit) => ({
          ...visit,
          servedMs: visit.grantedAt === null ? null : now - visit.grantedAt,
        }))
        this.#close(line.request)
        return
      case 'grant.error':
        this.#close(line.request)
    }
  }

  visits(): readonly Visit[] {
    return [...this.#over, ...this.#visits.values()].sort((a, b) => a.at - b.at || a.request - b.request)
  }

  #open(visit: Omit<Open, 'servedMs' | 'patienceMs'>): void {
    this.#visits.set(visit.request, { ...visit, servedMs: null, patienceMs: null })
  }

  #change(request: RequestId, change: (visit: Open) => Open): void {
    const visit = this.#visits.get(request)
    if (visit) this.#visits.set(request, change(visit))
  }

  #close(request: RequestId): void {
    const visit = this.#visits.get(request)
    if (!visit) return
    this.#over.push(visit)
    this.#visits.delete(request)
  }
}
