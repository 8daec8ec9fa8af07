import type { IncomingMessage } from 'node:http'
import { authorise } from './auth/authorise.ts'
import { Departure } from './departure.ts'
import { sendError } from './envelope.ts'
import { foreignPage, unknownPath, wrongMethod } from './errors.ts'
import type { Answer } from './http/answer.ts'
import { allowReading, answerPreflight, isForeign } from './http/cors.ts'
import { redirect } from './http/exchange.ts'
import { argumentIn, RouteTable, routeFor } from './http/route-table.ts'
import { clean, locationOf, readTarget } from './http/target.ts'
import { FaultLog } from './logs/faults.ts'
import { routes } from './routes/all.ts'
import type { Server } from './server.ts'

const table = new RouteTable(routes)

/** The HTTP surface: what happens to a request before its route has it, in this order (server §2.1, Appendix B). */
export function createApp(server: Server) {
  const faults = new FaultLog(server.logs)
  return async (incoming: IncomingMessage, outgoing: Answer): Promise<void> => {
    const departure = new Departure(outgoing)
    try {
      await answer(server, incoming, outgoing, departure)
    } catch (error) {
      if (outgoing.destroyed) return
      faults.note(incoming, error)
      sendError(incoming, outgoing, error)
    }
  }
}

async function answer(
  server: Server,
  incoming: IncomingMessage,
  outgoing: Answer,
  departure: Departure,
): Promise<void> {
  const { method = 'GET' } = incoming
  const { apiKeys, cors } = server.config
  if (method === 'OPTIONS') return answerPreflight(incoming, outgoing, cors.allowOrigins)

  const { path, query } = readTarget(incoming.url ?? '/')
  allowReading(incoming, outgoing, cors.allowOrigins)
  const cleaned = clean(path)
  if (cleaned !== path) return redirect({ outgoing }, 307, locationOf(cleaned, query))

  const place = table.find(path)
  if (!place) throw unknownPath(method, path)
  const route = routeFor(place, method)
  if (!route) throw wrongMethod(method, path, place.allow)
  const caller = authorise(apiKeys, incoming, route)
  if (route.changes && isForeign(incoming, cors.allowOrigins)) throw foreignPage(path)

  await route.handle(server, {
    incoming,
    outgoing,
    path,
    query,
    argument: argumentIn(path, place),
    caller,
    departure,
  })
}
