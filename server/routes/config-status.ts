import * as v from 'valibot'
import type { Problem } from '../../config/problem.ts'
import type { ModelRecord } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import { demandEverything } from '../auth/rights.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'

const time = v.pipe(v.string(), v.description('RFC 3339.'))

const status = v.object({
  source: v.string(),
  generation: v.number(),
  loadedAt: time,
  lastAttempt: time,
  ok: v.boolean(),
  problems: v.array(
    v.object({
      file: v.string(),
      line: v.number(),
      column: v.number(),
      path: v.string(),
      message: v.string(),
      severity: v.picklist(['warning', 'error']),
    }),
  ),
  outdated: v.pipe(
    v.array(v.object({ model: v.string(), state: v.string(), responses: v.number() })),
    v.description('Processes of an earlier configuration that have not ended yet.'),
  ),
})

export const configRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/config/status',
    subject: 'Watching',
    access: ['control', 'ui'],
    summary:
      'Which configuration is in force, what became of the last attempt to read another, and what still runs of earlier ones.',
    answer: { type: 'json', schema: status },
    handle: showConfigStatus,
  },
]

function showConfigStatus({ reloader, system }: Server, exchange: Exchange): void {
  demandEverything(exchange.caller)
  const { source, generation, loadedAt, last } = reloader
  sendJson(exchange, {
    source,
    generation,
    loadedAt: timestamp(loadedAt),
    lastAttempt: timestamp(last.at),
    ok: last.isOk,
    problems: last.problems.map(describe),
    outdated: system.ledger().models.filter(isOutdated).map(describeProcess),
  })
}

function describe({ place: { file, line, column }, path, message, isWarning = false }: Problem): object {
  return { file, line, column, path, message, severity: isWarning ? 'warning' : 'error' }
}

function describeProcess({ settings, presence, leases }: ModelRecord): object {
  return { model: settings.id, state: presence.state, responses: leases.length }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}
