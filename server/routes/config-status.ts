import type { Problem } from '../../config/problem.ts'
import type { ModelRecord } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import { type Handler, sendJson } from '../exchange.ts'
import type { Server } from '../server.ts'

/**
 * `GET /api/config/status`: which configuration is in force, what became of the last attempt to read another, and what
 * still runs of earlier ones.
 */
export function showConfigStatus({ reloader, system }: Server): Handler {
  return (exchange) => {
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
