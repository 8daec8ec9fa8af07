import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** `localhost` is this machine (RFC 6761 §6.3), and most servers on it listen on IPv4. */
const loopback: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/**
 * Finds addresses as the system does, and those of `localhost` by itself: nearly every model lives there, and the system's
 * lookup waits for a thread each time.
 */
export const lookup: LookupFunction = (hostname, options, done) => {
  if (hostname !== 'localhost') return systemLookup(hostname, options, done)
  if (options.all) process.nextTick(done, null, loopback)
  else process.nextTick(done, null, loopback[0]!.address, loopback[0]!.family)
}
