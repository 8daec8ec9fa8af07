import type { Model } from '../../config/config.ts'
import { namesOf } from '../auth/rights.ts'
import { clientAddress } from '../http/client-address.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Server } from '../server.ts'
import type { Tracked } from './inflight.ts'

/** Enters a request to a model among those under way; `path` is that which it is told to have. */
export function track({ inflight, config }: Server, exchange: Exchange, model: Model, path: string): Tracked {
  const remoteIp = clientAddress(exchange.incoming, config.trustedProxies)
  return inflight.register(exchange, { model: model.id, names: namesOf(model), path, remoteIp })
}
