import { demandScope } from '../auth/authorise.ts'
import { destinationsOf } from '../destination/destination.ts'
import { foreignPage } from '../errors.ts'
import { isForeign } from '../http/cors.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import { acquire } from '../serve.ts'
import type { Server } from '../server.ts'
import { unload } from '../unload.ts'
import type { Form } from './answer.ts'

/** Loads a model for who has nothing to ask yet, or unloads it for who keeps it for no time. */
export async function keep(
  server: Server,
  exchange: Exchange,
  form: Form,
  name: string,
  keepAlive: number | string | undefined,
): Promise<void> {
  const isLeaving = /^0[a-z]*$/.test(String(keepAlive ?? ''))
  if (isLeaving) demandControl(server, exchange)
  const [destination] = destinationsOf(server, exchange.caller, name).each
  // A peer loads and unloads as it sees fit.
  if (destination.type === 'model') {
    const { model } = destination
    if (isLeaving) await unload(server, [model.id])
    else (await acquire(server, model, exchange.departure)).release()
  }
  const said = form === 'chat' ? { message: { role: 'assistant', content: '' } } : { response: '' }
  const created_at = new Date(server.now()).toISOString()
  sendJson(exchange, { model: name, created_at, ...said, done: true, done_reason: isLeaving ? 'unload' : 'load' })
}

/** Who unloads a model here must be who may unload it elsewhere. */
function demandControl({ config }: Server, { caller, incoming, path }: Exchange): void {
  demandScope(caller, ['control'])
  if (isForeign(incoming, config.cors.allowOrigins)) throw foreignPage(path)
}
