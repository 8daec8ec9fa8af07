import type { Model } from '../../config/config.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { type Handler, sendJson } from '../exchange.ts'
import type { Server } from '../server.ts'

/** `GET /v1/models` (server §18). */
export function listModels(server: Server): Handler {
  return (exchange) => {
    const { origin } = exchange.incoming.headers
    if (origin) exchange.outgoing.setHeader('Access-Control-Allow-Origin', origin)
    const listed = [...server.config.models.values()].filter(({ unlisted }) => !unlisted)
    sendJson(exchange, { object: 'list', data: listed.map((model) => describe(server, model)) })
  }
}

/** `GET /running` (server §19.1). */
export function listRunning(server: Server): Handler {
  return (exchange) => {
    const ledger = server.system.ledger()
    const running = [...server.config.models.values()].flatMap(({ id, cmd, proxy, ttlMs, name, description }) => {
      const state = recordOf(ledger, id)?.presence.state ?? 'stopped'
      return state === 'stopped' ? [] : [{ model: id, state, cmd, proxy, ttl: ttlMs / 1000, name, description }]
    })
    sendJson(exchange, { running })
  }
}

function describe(server: Server, { id, name, description, aliases }: Model): object {
  const state = recordOf(server.system.ledger(), id)?.presence.state ?? 'stopped'
  return {
    id,
    object: 'model',
    created: server.startedAt,
    owned_by: 'hotseat',
    ...(name.trim() && { name: name.trim() }),
    ...(description.trim() && { description: description.trim() }),
    meta: { llamaswap: { type: 'model', ...(aliases.length > 0 && { aliases }) } },
    status: { value: state === 'stopped' ? 'unloaded' : 'loaded', state },
  }
}
