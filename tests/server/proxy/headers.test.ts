import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { requestHead } from '../../../server/proxy/headers.ts'

test('the address of a client that came by IPv4 on a socket for both is told as IPv4 (server §9.2)', () => {
  const incoming = { rawHeaders: ['Host', 'x'], socket: { remoteAddress: '::ffff:10.0.0.1' } } as IncomingMessage
  const head = requestHead(incoming, '/', { host: 'y', remote: null, proxyAuthorization: null }, { type: 'none' }, [])
  expect(head).toBe('GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n')
})
