import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

const lists = new WeakMap<readonly string[], BlockList>()

/**
 * The address of the client that a request comes from (server §20.9). Only what a trusted proxy says of it is believed (W41):
 * the list that proxies append to is read from its end, and the first address that is no trusted proxy's is the client's.
 */
export function clientAddress({ socket, headers }: IncomingMessage, trustedProxies: readonly string[]): string {
  const peer = plainAddress(socket.remoteAddress ?? '-')
  if (trustedProxies.length === 0) return peer
  const trusted = listOf(trustedProxies)
  if (!isIn(trusted, peer)) return peer
  const forwarded = headers['x-forwarded-for']
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').map((hop) => hop.trim())
  const addresses = hops.filter((hop) => isIP(hop) !== 0).map(plainAddress)
  const real = headers['x-real-ip']
  return (
    addresses.findLast((address) => !isIn(trusted, address)) ??
    addresses[0] ??
    (typeof real === 'string' && isIP(real) !== 0 ? plainAddress(real) : peer)
  )
}

function listOf(networks: readonly string[]): BlockList {
  let list = lists.get(networks)
  if (!list) {
    list = new BlockList()
    for (const network of networks) {
      const [address = '', bits] = network.split('/')
      const version = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      if (bits === undefined) list.addAddress(address, version)
      else list.addSubnet(address, Number(bits), version)
    }
    lists.set(networks, list)
  }
  return list
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** An IPv4 address that arrived on an IPv6 socket, as IPv4. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
