import type { Problem } from '../../config/problem.ts'
import { type Handler, sendJson } from '../exchange.ts'
import type { Server } from '../server.ts'

/** `GET /api/config/status`: which configuration is in force, and what became of the last attempt to read another. */
export function showConfigStatus({ reloader }: Server): Handler {
  return (exchange) => {
    const { source, generation, loadedAt, last } = reloader
    sendJson(exchange, {
      source,
      generation,
      loadedAt: timestamp(loadedAt),
      lastAttempt: timestamp(last.at),
      ok: last.isOk,
      problems: last.problems.map(describe),
    })
  }
}

function describe({ place: { file, line, column }, path, message, isWarning = false }: Problem): object {
  return { file, line, column, path, message, severity: isWarning ? 'warning' : 'error' }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}
