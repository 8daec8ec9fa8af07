import { expect, test } from 'vitest'
import { environmentProxyFor } from '../../../server/proxy/environment-proxy.ts'

/* Which proxy is asked (server §9.6). The exceptions are those of Go's programs. */

const both = { HTTP_PROXY: 'http://plain:3128', HTTPS_PROXY: 'http://secure:3129' }

test.each([
  ['http://far.example', both, 'plain', 3128],
  ['https://far.example', both, 'secure', 3129],
  ['http://far.example', { HTTPS_PROXY: 'http://secure:3129' }, undefined, undefined],
  ['http://far.example', { http_proxy: 'http://small:1' }, 'small', 1],
  ['http://far.example', { HTTP_PROXY: '', http_proxy: 'small:1' }, 'small', 1],
  ['http://far.example', { HTTP_PROXY: 'http://large:1', http_proxy: 'http://small:1' }, 'large', 1],
  ['http://far.example', { HTTP_PROXY: 'https://safe' }, 'safe', 443],
  ['http://far.example', { HTTP_PROXY: 'bare' }, 'bare', 80],
  ['http://[fd00::1]:8080', { HTTP_PROXY: 'http://[fd00::2]:3128' }, 'fd00::2', 3128],
  ['http://localhost:9', both, undefined, undefined],
  ['http://127.8.9.1', both, undefined, undefined],
  ['http://[::1]:9', both, undefined, undefined],
  ['http://localhost.example', both, 'plain', 3128],
])('%s with %j is asked of %s:%s', (url, environment, hostname, port) => {
  const proxy = environmentProxyFor(new URL(url), environment)
  expect([proxy?.hostname, proxy?.port]).toEqual([hostname, port])
})

test.each([
  ['http://far.example', '*', true],
  ['http://far.example', 'near.example, FAR.example', true],
  ['http://far.example', ' , ', false],
  ['http://sub.far.example', 'far.example', true],
  ['http://sofar.example', 'far.example', false],
  ['http://far.example', '.far.example', false],
  ['http://sub.far.example', '.far.example', true],
  ['http://sub.far.example', '*.far.example', true],
  ['http://far.example', '*.far.example', false],
  ['http://far.example:81', 'far.example:80', false],
  ['http://far.example', 'far.example:80', true],
  ['https://far.example', 'far.example:443', true],
  ['http://192.168.7.9:8080', '192.168.0.0/16', true],
  ['http://192.169.7.9:8080', '192.168.0.0/16', false],
  ['http://10.0.0.5', '10.0.0.5', true],
  ['http://10.0.0.5', '10.0.0.5:81', false],
  ['http://10.0.0.51', '10.0.0.5', false],
  ['http://[fd00::7]', 'fd00::/8', true],
  ['http://[fd00::7]:81', '[fd00::7]:81', true],
  ['http://10.0.0.5', '10.0.0.0/99', false],
  ['http://far.example', '10.0.0.0/8', false],
])('%s with the exceptions %j is asked itself: %s', (url, exceptions, isExcepted) => {
  for (const name of ['NO_PROXY', 'no_proxy']) {
    expect(environmentProxyFor(new URL(url), { ...both, [name]: exceptions }) === null).toBe(isExcepted)
  }
})

test('a proxy that asks for a name gets it, and no message shows the password', () => {
  const proxy = environmentProxyFor(new URL('http://far'), { HTTP_PROXY: 'http://me:p%40ss@plain:3128' })
  expect(proxy?.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  expect(proxy?.label).toBe('the proxy http://plain:3128 (HTTP_PROXY)')
  const odd = environmentProxyFor(new URL('http://far'), { HTTP_PROXY: 'http://me:100%@plain' })
  expect(odd?.authorization).toBe(`Basic ${Buffer.from('me:100%').toString('base64')}`)
})

test.each(['socks5://me:secret@plain:1080', 'http://:secret@', '://'])('%s is no proxy that is understood', (value) => {
  const choose = () => environmentProxyFor(new URL('https://far'), { HTTPS_PROXY: value })
  expect(choose).toThrow(/^HTTPS_PROXY is not the address of an HTTP proxy/)
  expect(choose).not.toThrow('secret')
})
