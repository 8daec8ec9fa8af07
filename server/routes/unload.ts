import type { ModelId } from '../../config/config.ts'
import { ApiError, unknownModel } from '../errors.ts'
import { type Exchange, type Handler, sendJson, sendText } from '../exchange.ts'
import type { Server } from '../server.ts'

/** `GET /unload` (server §19.2). */
export function unloadAllAsText(server: Server): Handler {
  return async (exchange) => {
    // A page of another site must not stop models by an image tag (W24).
    if (exchange.incoming.headers['sec-fetch-site'] === 'cross-site') {
      throw new ApiError(403, 'forbidden', 'Another site may not unload models. Use POST /api/models/unload.')
    }
    await unload(server, allOf(server))
    sendText(exchange, 'OK')
  }
}

/** `POST /api/models/unload` (server §19.3). */
export function unloadAll(server: Server): Handler {
  return async (exchange) => {
    await unload(server, allOf(server))
    sendJson(exchange, { msg: 'ok' })
  }
}

/** `POST /api/models/unload/ID`, where ID is the rest of the path, or an alias (server §19.4). */
export function unloadOne(server: Server, prefix: string): Handler {
  return async (exchange: Exchange) => {
    const named = server.names.resolvePath(exchange.path.slice(prefix.length))
    if (named?.rest !== '') throw unknownModel(exchange.path.slice(prefix.length), server.names.all())
    await unload(server, [named.model.id])
    sendText(exchange, 'OK')
  }
}

async function unload(server: Server, models: readonly ModelId[]): Promise<void> {
  const stuck = await server.desk.unload(models)
  if (stuck.length === 0) return
  const names = stuck.map((model) => `"${model}"`).join(', ')
  throw new ApiError(
    500,
    'stop_failed',
    `The process of ${names} does not end even after SIGKILL: its memory is still taken.`,
  )
}

function allOf({ config }: Server): readonly ModelId[] {
  return [...config.models.keys()]
}
