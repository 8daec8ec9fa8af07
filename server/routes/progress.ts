import * as v from 'valibot'
import type { ModelId } from '../../config/config.ts'
import { deadlineOf } from '../../machines/policy/stalls.ts'
import { type Cause, standings } from '../../machines/policy/standing.ts'
import { namesOf } from '../auth/rights.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import { anyKey, type Route } from '../route.ts'
import type { Server } from '../server.ts'

const milliseconds = v.pipe(v.number(), v.integer())

const waiting = v.object({
  id: v.pipe(v.nullable(v.string()), v.description('The id of `/api/events` and `cancel`; null when it has none.')),
  model: v.string(),
  since: v.pipe(v.string(), v.description('When it came, RFC 3339.')),
  waiting_ms: milliseconds,
  position: v.pipe(
    v.nullable(v.number()),
    v.description('Place in the queue of all models, from 1; null once its own model is on its way.'),
  ),
  behind: v.pipe(
    v.nullable(
      v.object({
        reason: v.pipe(
          v.picklist(['load', 'swap', 'busy', 'turn']),
          v.description(
            '`load`: its model is being loaded; `swap`: another swap is under way; `busy`: a model that must stop still answers; `turn`: an older request goes first.',
          ),
        ),
        model: v.pipe(
          v.nullable(v.string()),
          v.description(
            'The model that is loaded, swapped to, busy, or asked for by the older one; null when the key may not see it.',
          ),
        ),
      }),
    ),
    v.description('What it waits for.'),
  ),
  usual_load_ms: v.pipe(v.nullable(milliseconds), v.description('The median of the latest loads of its model.')),
  eta_ms: v.pipe(v.nullable(milliseconds), v.description('Until its model is ready; null when that cannot be told.')),
})

const health = v.object({
  status: v.picklist(['ok', 'stalled']),
  waiting: v.pipe(v.number(), v.integer()),
  oldest_wait_ms: v.nullable(milliseconds),
  swaps: v.array(
    v.object({
      id: v.number(),
      model: v.string(),
      evict: v.array(v.string()),
      waiting: v.number(),
      age_ms: milliseconds,
      deadline_ms: v.pipe(milliseconds, v.description('The age that it cannot reach.')),
    }),
  ),
  problems: v.pipe(v.array(v.string()), v.description('What has stopped moving: always a fault in hotseat.')),
})

export const progressRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/queue',
    subject: 'Watching',
    access: anyKey,
    summary: 'Who waits for which model, behind what, since when, and for how long still.',
    answer: { type: 'json', schema: v.object({ queue: v.array(waiting) }) },
    handle: listQueue,
  },
  {
    method: 'GET',
    path: '/api/health',
    subject: 'Watching',
    access: anyKey,
    summary: 'Whether everything moves that should: 503 when something has stopped, and what.',
    answer: { type: 'json', schema: health },
    handle: showHealth,
  },
]

function listQueue(server: Server, exchange: Exchange): void {
  const sees = sight(server, exchange)
  const ids = new Map(server.inflight.list().map(({ request, id }) => [request, id]))
  const now = server.now()
  const all = standings(server.system.ledger())
  const queue = all.flatMap((standing) => {
    const { ticket, position, behind } = standing
    if (!sees(ticket.model)) return []
    const blamed = behind && modelOf(behind)
    return {
      id: ids.get(ticket.request) ?? null,
      model: ticket.model,
      since: new Date(ticket.at).toISOString(),
      waiting_ms: now - ticket.at,
      position,
      behind: behind && { reason: behind.type, model: blamed && sees(blamed) ? blamed : null },
      usual_load_ms: server.loads.usualMs(ticket.model),
      eta_ms: server.loads.etaMs(standing, now),
    }
  })
  sendJson(exchange, { queue })
}

function modelOf(behind: Cause): ModelId {
  switch (behind.type) {
    case 'load':
    case 'swap':
      return behind.swap.target
    case 'busy':
      return behind.model
    case 'turn':
      return behind.ticket.model
  }
}

function showHealth(server: Server, exchange: Exchange): void {
  const sees = sight(server, exchange)
  const ledger = server.system.ledger()
  const now = server.now()
  const problems = server.watchdog.look()
  const arrivals = standings(ledger).map(({ ticket }) => ticket.at)
  const isWell = problems.length === 0
  const report = {
    status: isWell ? 'ok' : 'stalled',
    waiting: arrivals.length,
    oldest_wait_ms: arrivals.length === 0 ? null : now - Math.min(...arrivals),
    swaps: ledger.swaps
      .filter(({ target }) => sees(target))
      .map((swap) => ({
        id: swap.id,
        model: swap.target,
        evict: swap.evict.filter(sees),
        waiting: swap.waiters.length,
        age_ms: now - swap.since,
        deadline_ms: deadlineOf(ledger, swap) - swap.since,
      })),
    problems: problems.filter(({ model }) => sees(model)).map(({ message }) => message),
  }
  sendJson(exchange, report, isWell ? 200 : 503)
}

/** Whether the caller may hear of a model. What it may not see counts all the same, and is not named. */
function sight({ config }: Server, { caller }: Exchange): (model: ModelId) => boolean {
  return (id) => {
    const model = config.models.get(id)
    return caller.seesAll || (model !== undefined && caller.sees(namesOf(model)))
  }
}
