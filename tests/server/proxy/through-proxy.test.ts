import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { afterEach, expect, test, vi } from 'vitest'
import { startForwardProxy } from '../../support/forward-proxy.ts'
import { chat, readError, startHotseat } from '../../support/hotseat.ts'
import { startProxied } from '../../support/proxied.ts'

/* Upstreams that are reached through a proxy (server §9.6). */

afterEach(() => vi.unstubAllEnvs())

test('a peer is asked through the proxies of the environment: plainly by its whole address, else through a tunnel', async () => {
  await using proxy = await startForwardProxy()
  vi.stubEnv('HTTP_PROXY', `http://me:secret@127.0.0.1:${proxy.port}`)
  vi.stubEnv('HTTPS_PROXY', `127.0.0.1:${proxy.port}`)
  await using hotseat = await startHotseat(
    {},
    `
peers:
  plain: {proxy: "http://models.test:8080/base/", models: [m]}
  secure: {proxy: "https://models.test", models: [s]}
`,
  )
  for (let round = 0; round < 2; round++) {
    const response = await hotseat.post(chat, { model: 'm' })
    expect(await response.text()).toBe('asked for http://models.test:8080/base/v1/chat/completions')
  }
  expect(proxy.headers[0]).toMatchObject({
    host: 'models.test:8080',
    'proxy-authorization': `Basic ${Buffer.from('me:secret').toString('base64')}`,
  })

  const refused = await hotseat.post(chat, { model: 's' })
  const { message, code } = await readError(refused)
  expect([refused.status, code, proxy.asked.at(-1)]).toEqual([502, 'bad_gateway', 'CONNECT models.test:443'])
  expect(message).toContain(`the proxy http://127.0.0.1:${proxy.port} (HTTPS_PROXY) said 403 Not Here`)
})

test('a proxy that is not understood is an error for whoever would need it, which names the variable', async () => {
  vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1')
  await using hotseat = await startHotseat({}, 'peers: {p: {proxy: "https://models.test", models: [m]}}')
  const response = await hotseat.post(chat, { model: 'm' })
  expect(response.status).toBe(502)
  expect((await readError(response)).message).toContain('HTTPS_PROXY')
})

test('TLS goes through the proxy to the upstream, with bodies of any size in both directions', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../fixtures/localhost.${name}`, import.meta.url), 'utf8')
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem('crt')])
  const size = 4 * 2 ** 20
  const upstream = tls.createServer({ key: pem('key'), cert: pem('crt') })
  let received = 0
  await using proxy = await startForwardProxy(() => (upstream.address() as { port: number }).port)
  await using proxied = await startProxied(
    (socket) => {
      socket.on('data', (bytes) => {
        received += bytes.length
        if (received < size) return
        received = 0
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
        socket.write(Buffer.alloc(size, 'y'))
      })
    },
    {
      isSecure: true,
      proxy: {
        isSecure: false,
        hostname: '127.0.0.1',
        port: proxy.port,
        label: 'the proxy',
        authorization: 'Basic bQ==',
      },
    },
    upstream,
  )
  for (let round = 0; round < 2; round++) {
    const response = await fetch(`http://127.0.0.1:${proxied.port}/x`, { method: 'POST', body: 'x'.repeat(size) })
    expect([response.status, (await response.text()).length]).toEqual([200, size])
  }
  expect([proxy.asked.length, proxied.connections()]).toEqual([1, 1])
  expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': 'Basic bQ==' })
})

test('a proxy that nobody is at, and one that says nothing, are errors with the reason', async () => {
  const at = (port: number) => ({
    isSecure: false,
    hostname: '127.0.0.1',
    port,
    label: 'the proxy',
    authorization: null,
  })
  await using gone = await startProxied(() => {}, { isSecure: true, proxy: at(9) })
  expect(await gone.say('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/ 502 [\s\S]*ECONNREFUSED/)
  await using silent = await startProxied(() => {}, {})
  await using waiting = await startProxied(() => {}, {
    isSecure: true,
    proxy: at(silent.upstreamPort),
    timeouts: { connectMs: 50 },
  })
  expect(await waiting.say('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/ 504 [\s\S]*ETIMEDOUT/)
})
