import { modelAt, unknown } from '../auth/rights.ts'
import { type Exchange, redirect } from '../http/exchange.ts'
import { decodePath, locationOf } from '../http/target.ts'
import { track } from '../inflight/track.ts'
import type { Route } from '../route.ts'
import { type Server, serve } from '../server.ts'
import { isInference } from './inference.ts'
import { redirectRoute } from './redirect.ts'

export const upstreamRoutes: readonly Route[] = [
  redirectRoute('/upstream', 302, '/ui/#/models', 'Inference', "The web page's list of models."),
  {
    method: 'ANY',
    path: '/upstream/{model...}',
    subject: 'Inference',
    access: ['inference'],
    summary: 'Any path of a model: what follows its id is passed on as it is, body and all.',
    answer: { type: 'model' },
    handle: passThrough,
  },
]

/** `/upstream/MODEL/...`: any request, passed on to the model as it is (server §15). */
async function passThrough(server: Server, exchange: Exchange): Promise<void> {
  const { incoming, outgoing, query, argument, caller, departure } = exchange
  const { method = 'GET' } = incoming
  const named = modelAt(server, caller, argument)
  if (!named) throw unknown(server, caller, argument.split('/', 1)[0] ?? '')
  const { name, model, rest } = named
  if (rest === '') {
    const segments = name.split('/').map(encodeURIComponent).join('/')
    return redirect(exchange, isSafe(method) ? 301 : 308, locationOf(`/upstream/${segments}/`, query))
  }
  using tracked = isInference(method, decodePath(rest)) ? track(server, exchange, model, rest) : null
  const path = query === '' ? rest : `${rest}?${query}`
  const { withheld } = caller
  await serve(server, model, { incoming, outgoing, path, body: null, withheld, departure }, tracked)
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
