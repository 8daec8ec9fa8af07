import { unknown } from '../auth/rights.ts'
import { unread } from '../body/body.ts'
import { type Destination, meaningOf, namesFor } from '../destination/destination.ts'
import { modelRequired, notReady } from '../errors.ts'
import { type Exchange, redirect } from '../http/exchange.ts'
import { decodePath, locationOf } from '../http/target.ts'
import { track } from '../inflight/track.ts'
import type { Leading } from '../names.ts'
import type { Route } from '../route.ts'
import { isLoaded, serve, servePeer } from '../serve.ts'
import type { Server } from '../server.ts'
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
  const named = destinationAt(server, argument)
  if (!named || !caller.sees(namesFor(named.meaning))) throw unknown(server, caller, argument.split('/', 1)[0] ?? '')
  const { name, meaning: destination, rest } = named
  if (rest === '') {
    const segments = name.split('/').map(encodeURIComponent).join('/')
    return redirect(exchange, isSafe(method) ? 301 : 308, locationOf(`/upstream/${segments}/`, query))
  }
  const path = query === '' ? rest : `${rest}?${query}`
  const request = { incoming, outgoing, path, body: unread(incoming, departure), withheld: caller.withheld, departure }
  using tracked = isInference(method, decodePath(rest)) ? track(server, exchange, destination, rest) : null
  if (destination.type === 'peer') {
    await servePeer(server, destination, request)
    return
  }
  const { model } = destination
  const isIgnored = server.config.ignorePaths.some((pattern) => pattern.test(decodePath(rest)))
  if (isIgnored && !isLoaded(server, model)) throw notReady(model.id)
  await serve(server, model, request, { tracked, dialect: null })
}

/** The model or peer at the head of a path, once the active profile has had its say (server §15.4). */
function destinationAt(server: Server, path: string): Leading<Destination> | undefined {
  const { names, profiles } = server
  const pin = names.leading(path, (name) => profiles.active?.pins.get(name))
  // A pin to nothing: the name is switched off.
  if (pin?.meaning === '') throw modelRequired()
  const pinned = pin ? pin.meaning.split('/').map(encodeURIComponent).join('/') + pin.rest : path
  return names.leading(pinned, (name) => meaningOf(server, name))
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
