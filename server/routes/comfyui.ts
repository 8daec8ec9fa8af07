import type { Model, ModelId } from '../../config/config.ts'
import type { Caller } from '../auth/caller.ts'
import { namesOf, unknown } from '../auth/rights.ts'
import { unread } from '../body/body.ts'
import { notReady } from '../errors.ts'
import { type Exchange, redirect } from '../http/exchange.ts'
import { locationOf } from '../http/target.ts'
import type { Route } from '../route.ts'
import { isLoaded, serve } from '../serve.ts'
import type { Server } from '../server.ts'

/** The model that ComfyUI's own page is served from (server §16). */
const comfyui = 'comfyui_auto' as ModelId

export const comfyuiRoutes: readonly Route[] = [
  {
    method: 'ANY',
    path: '/comfyui',
    subject: 'Inference',
    access: ['inference'],
    summary: 'Leads to `/comfyui/`.',
    answer: { type: 'redirect', status: 308, summary: 'To `/comfyui/`.' },
    handle: lead,
  },
  {
    method: 'ANY',
    path: '/comfyui/{rest...}',
    subject: 'Inference',
    access: ['inference'],
    summary: `ComfyUI's own page, served by the model \`${comfyui}\`: \`/comfyui/\` loads it, its other paths do not.`,
    answer: { type: 'model' },
    handle: passThrough,
  },
]

function lead(_server: Server, exchange: Exchange): void {
  const isSafe = exchange.incoming.method === 'GET' || exchange.incoming.method === 'HEAD'
  redirect(exchange, isSafe ? 301 : 308, locationOf('/comfyui/', exchange.query))
}

async function passThrough(server: Server, exchange: Exchange): Promise<void> {
  const { incoming, outgoing, query, path, caller, departure } = exchange
  const model = demandComfyui(server, caller)
  const rest = path.slice('/comfyui'.length)
  if (rest !== '/' && !isLoaded(server, model)) throw notReady(model.id)
  const target = query === '' ? rest : `${rest}?${query}`
  const request = {
    incoming,
    outgoing,
    path: target,
    body: unread(incoming, departure),
    withheld: caller.withheld,
    departure,
  }
  await serve(server, model, request, { tracked: null, dialect: null })
}

/** The model of that very id: no alias will do. */
function demandComfyui(server: Server, caller: Caller): Model {
  const model = server.config.models.get(comfyui)
  if (!model || !caller.sees(namesOf(model))) throw unknown(server, caller, comfyui)
  return model
}
