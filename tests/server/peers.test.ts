import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { ask } from '../support/raw.ts'

/* What a peer is sent, and what becomes of its answer (server §7.4, §10). */

/** Says what it was asked; some paths are odd on purpose. */
const peer = createServer(async (request, response) => {
  const { method, url = '', rawHeaders } = request
  const body = await text(request)
  if (url.endsWith('/infill')) return
  if (url.endsWith('/v1/responses')) {
    response.setHeader('Content-Type', 'Text/Event-Stream')
    response.setHeader('X-Accel-Buffering', 'yes')
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.setHeader('Server', 'theirs')
    return void response.end('data: {}\n\n')
  }
  response.end(JSON.stringify({ method, url, rawHeaders, body }))
})

let hotseat: Hotseat

beforeAll(async () => {
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const at = `127.0.0.1:${port}`
  hotseat = await startHotseat(
    { local: { cmd: upstream(), aliases: ['known'] } },
    `
apiKeys: [ours]
peers:
  open: {proxy: "http://${at}/base/", models: [m, twice, local, known]}
  keyed: {proxy: "http://${at}", apiKey: theirs, models: [k, twice]}
  mute: {proxy: "http://${at}", models: [s], timeouts: {responseHeader: 1}}
  muddled: {proxy: "https://${at}", models: [t]}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  peer.closeAllConnections()
  peer.close()
})

const ours = { authorization: 'Bearer ours' }

function post(path: string, model: string, headers: Record<string, string> = ours): Promise<Response> {
  return hotseat.post(path, { model }, { headers: { 'content-type': 'application/json', ...headers } })
}

interface Asked {
  readonly url: string
  readonly body: string
  /** Names in lower case; what came twice is there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

async function asked(model: string, headers?: Record<string, string>): Promise<Asked> {
  const { rawHeaders, ...rest } = (await (await post('/completion', model, headers)).json()) as Asked & {
    rawHeaders: string[]
  }
  const headersAsked = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]!] as const] : [],
  )
  return { ...rest, headers: headersAsked }
}

const named = ({ headers }: Asked, ...names: string[]) => headers.filter(([name]) => names.includes(name))

describe('what a peer is sent', () => {
  test('is the request under its own address, and nothing of where that came from', async () => {
    const request = await asked('m', {
      ...ours,
      forwarded: 'for=1.1.1.1',
      'x-forwarded-for': '1.1.1.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'ours.example',
      'x-mine': 'yes',
    })
    expect([request.url, request.body]).toEqual(['/base/completion', '{"model":"m"}'])
    expect(named(request, 'host')).toEqual([['host', `127.0.0.1:${(peer.address() as AddressInfo).port}`]])
    expect(named(request, 'x-mine')).toEqual([['x-mine', 'yes']])
    expect(request.headers.filter(([name]) => name.includes('forwarded'))).toEqual([])
  })

  test('is never a key of ours, and otherwise what the client says of itself, as long as we have no key there', async () => {
    expect(JSON.stringify(await asked('m'))).not.toContain('ours')
    const request = await asked('m', { ...ours, 'x-api-key': 'for-the-peer', cookie: 'c=1' })
    expect(named(request, 'authorization', 'x-api-key', 'cookie')).toEqual([
      ['x-api-key', 'for-the-peer'],
      ['cookie', 'c=1'],
    ])
  })

  test('is our key there instead of what the client says of itself', async () => {
    const request = await asked('k', { ...ours, 'x-api-key': 'for-the-peer' })
    expect(named(request, 'authorization', 'x-api-key')).toEqual([
      ['authorization', 'Bearer theirs'],
      ['x-api-key', 'theirs'],
    ])
  })
})

test('the answer of a peer is passed on, but told not to be buffered when it is a stream of events', async () => {
  const response = await post('/v1/responses', 'm', { ...ours, origin: 'https://page.example' })
  expect(await response.text()).toBe('data: {}\n\n')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  expect(response.headers.get('server')).toBe('theirs')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(response.headers.get('access-control-allow-origin')).toBe('https://page.example')
})

describe('the name of a model of a peer', () => {
  test.each([
    ['open/m', '/base/completion', 'm'],
    ['open/twice', '/base/completion', 'twice'],
    ['keyed/twice', '/completion', 'twice'],
    ['open/local', '/base/completion', 'local'],
  ])('%s is asked at %s as %s', async (name, url, model) => {
    const request = await asked(name)
    expect([request.url, JSON.parse(request.body).model]).toEqual([url, model])
  })

  test('means nothing when two peers have it, and ours when we have it', async () => {
    const response = await post(chat, 'twice')
    expect([response.status, (await readError(response)).code]).toEqual([404, 'not_found'])
    for (const name of ['local', 'known']) expect((await asked(name)).url).toBe('/completion')
    expect(hotseat.stateOf('local')).toBe('ready')
  })
})

describe('a peer that fails', () => {
  test.each([
    ['s', '/infill', 504, 'gateway_timeout', 'Peer "mute" did not answer in time'],
    ['t', chat, 502, 'bad_gateway', 'Peer "muddled" cannot be spoken to over TLS'],
  ])('%s%s is told as what it is: %i %s', async (model, path, status, code, message) => {
    const response = await post(path, model)
    const error = await readError(response)
    expect([response.status, error.code]).toEqual([status, code])
    expect(error.message).toContain(message)
  })

  test('is told in the form that is asked for', async () => {
    const plain = await post(chat, 't', { ...ours, accept: 'text/plain' })
    expect([plain.status, (await plain.text()).slice(0, 15)]).toEqual([502, 'hotseat: Peer "'])
  })
})

test('a line break cannot be smuggled to a peer by a path', async () => {
  const answer = await ask(hotseat.url, 'GET /upstream/open/m/x%0d%0aX-Evil:%201', ['Authorization: Bearer ours'])
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).not.toMatch(/"X-Evil"/i)
})
