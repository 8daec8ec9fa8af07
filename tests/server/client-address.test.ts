import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { clientAddress } from '../../server/http/client-address.ts'

const trusted = ['10.0.0.0/8', 'fd00::/8', '192.168.1.1']

function from(remoteAddress: string, headers: IncomingMessage['headers'] = {}): string {
  return clientAddress({ socket: { remoteAddress }, headers } as IncomingMessage, trusted)
}

test.each([
  ['nothing is said', '10.0.0.1', {}, '10.0.0.1'],
  ['a stranger says who he is', '8.8.8.8', { 'x-forwarded-for': '1.1.1.1', 'x-real-ip': '1.1.1.1' }, '8.8.8.8'],
  ['a trusted proxy says for whom it asks', '10.0.0.1', { 'x-forwarded-for': '1.1.1.1' }, '1.1.1.1'],
  ['the client wrote into the list first', '10.0.0.1', { 'x-forwarded-for': '6.6.6.6, 1.1.1.1' }, '1.1.1.1'],
  ['proxies stand in a row', 'fd00::1', { 'x-forwarded-for': '1.1.1.1, 10.9.9.9, 192.168.1.1' }, '1.1.1.1'],
  ['everyone is trusted', '10.0.0.1', { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
  ['the list holds no address', '10.0.0.1', { 'x-forwarded-for': 'unknown, "x"', 'x-real-ip': '2.2.2.2' }, '2.2.2.2'],
  ['IPv4 comes on an IPv6 socket', '::ffff:10.0.0.1', { 'x-forwarded-for': '::ffff:1.1.1.1' }, '1.1.1.1'],
  ['an address of its own is trusted', '192.168.1.1', { 'x-real-ip': '2001:db8::1' }, '2001:db8::1'],
  ['its neighbour is not', '192.168.1.2', { 'x-real-ip': '2.2.2.2' }, '192.168.1.2'],
])('%s', (_what, address, headers, client) => {
  expect(from(address, headers)).toBe(client)
})
