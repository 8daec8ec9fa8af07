import { type Destination, namesFor } from '../destination/destination.ts'
import { clientAddress } from '../http/client-address.ts'
import type { Exchange } from '../http/exchange.ts'
import { isUncounted } from '../serve.ts'
import type { Server } from '../server.ts'
import type { Tracked } from './inflight.ts'

/**
 * Enters a request among those under way; `path` is that which those who watch are told. A WebSocket that does not count is
 * not entered: null.
 */
export function track(
  { inflight, config }: Server,
  exchange: Exchange,
  destination: Destination | { readonly type: 'unknown'; readonly name: string },
  path: string,
): Tracked | null {
  if (destination.type === 'model' && isUncounted(destination.model, exchange)) return null
  const model = destination.type === 'model' ? destination.model.id : destination.name
  const names = destination.type === 'unknown' ? [destination.name] : namesFor(destination)
  const remoteIp = clientAddress(exchange.incoming, config.trustedProxies)
  return inflight.register(exchange, { model, names, path, remoteIp })
}
