import { BlockList, isIP } from 'node:net'
import { ApiError } from '../errors.ts'
import { decodeSegment } from '../http/target.ts'
import { type ForwardProxy, placeOf } from './http1/origin.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY` or `HTTP_PROXY`, by the address's scheme, unless
 * `NO_PROXY` excepts it; each in lower case as well. This machine is never reached through one. The rules are those of Go's
 * programs, and so of llama-swap: an exception is a host, with all below it, `.host` for only what is below it, an address,
 * a network, each with `:port` if need be, or `*` for everything (server §9.6).
 * @throws ApiError 502 when it is no address of a proxy that is understood
 */
export function environmentProxyFor(url: URL, environment: Environment): ForwardProxy | null {
  const [upper, lower] = url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']
  const variable = environment[upper] ? upper : lower
  const value = environment[variable]
  const { hostname, port } = placeOf(url)
  if (!value || isHere(hostname)) return null
  const exceptions = (environment.NO_PROXY || environment.no_proxy || '').toLowerCase().split(',')
  if (exceptions.some((exception) => covers(exception.trim(), hostname, port))) return null

  const address = URL.parse(/^[a-z\d+.-]+:\/\//i.test(value) ? value : `http://${value}`)
  if (!address || !/^https?:$/.test(address.protocol)) throw notUnderstood(variable)
  const { username, password } = address
  const pair = [username, password].map(decodeSegment).join(':')
  return {
    ...placeOf(address),
    authorization: username === '' ? null : `Basic ${Buffer.from(pair).toString('base64')}`,
    label: `the proxy ${address.protocol}//${address.host} (${variable})`,
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isHere(hostname: string): boolean {
  return hostname === 'localhost' || isIn(loopback, hostname)
}

function covers(exception: string, hostname: string, port: number): boolean {
  if (exception === '*') return true
  const [, inBrackets, name, onlyPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(exception) ?? [null, exception]
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false
  const excepted = inBrackets ?? name ?? ''
  if (excepted === '') return false
  const network = networkOf(excepted)
  if (network) return isIn(network, hostname)
  const below = excepted.replace(/^\*?\./, '.')
  return below.startsWith('.') ? hostname.endsWith(below) : hostname === below || hostname.endsWith(`.${below}`)
}

/** An address alone is a network of one. */
function networkOf(text: string): BlockList | undefined {
  const [address = '', bits] = text.split('/', 2)
  const version = isIP(address)
  if (version === 0) return undefined
  const most = version === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  const network = new BlockList()
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= most) network.addSubnet(address, prefix, familyOf(version))
  return network
}

function isIn(network: BlockList, hostname: string): boolean {
  const version = isIP(hostname)
  return version !== 0 && network.check(hostname, familyOf(version))
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4'
}

/** The value is not shown: it may hold a password. */
function notUnderstood(variable: string): ApiError {
  return new ApiError(
    'bad_gateway',
    `${variable} is not the address of an HTTP proxy. Write http://HOST:PORT or https://HOST:PORT, or except the host with NO_PROXY.`,
  )
}
