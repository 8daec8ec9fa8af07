import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { ask } from '../support/raw.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat({ 'org/a': { cmd: upstream(), aliases: ['one two'] } })
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

describe('paths and methods (server §3, §4)', () => {
  test.each(['/v1/nothing', '/v1/models/', '/health/', '/api', '/slots', '/upstream/', '/ui/nothing'])(
    'GET %s is a 404 in the envelope',
    async (path) => {
      const response = await hotseat.get(path)
      expect([response.status, (await readError(response)).code]).toEqual([404, 'not_found'])
    },
  )

  test.each([
    ['POST', '/v1/models', 'GET, HEAD'],
    ['GET', chat, 'POST'],
    ['GET', '/api/models/unload/x', 'POST'],
    ['POST', '/api/profiles/active', 'PUT'],
    ['DELETE', '/v1/audio/voices', 'POST, GET, HEAD'],
    ['POST', '/upstream', 'GET, HEAD'],
  ])('%s %s is a 405 that says what is allowed', async (method, path, allow) => {
    const response = await fetch(hotseat.url + path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(await readError(response)).toMatchObject({ code: 'method_not_allowed', type: 'invalid_request_error' })
  })

  test.each(['/v1/models', '/health', '/running', '/logs', '/api/events', '/logs/stream'])(
    'HEAD %s has the head of its GET and no body',
    async (path) => {
      const leaving = new AbortController()
      const get = await hotseat.get(path, { signal: leaving.signal })
      const head = await hotseat.get(path, { method: 'HEAD' })
      expect([head.status, head.headers.get('content-type')]).toEqual([200, get.headers.get('content-type')])
      expect(await head.text()).toBe('')
      leaving.abort()
    },
  )

  test.each([
    ['//v1/models', '/v1/models'],
    ['/v1/./models?x=1&y=%20', '/v1/models?x=1&y=%20'],
    ['/upstream/org/a/../../../etc', '/etc'],
    ['/upstream/org/a/%2e%2e/x', '/upstream/org/x'],
    ['/..', '/'],
    ['/ui/.', '/ui/'],
    ['/upstream/org/a//x', '/upstream/org/a/x'],
    ['//\\evil.example/..', '/'],
    ['/\\evil.example//x', '/%5Cevil.example/x'],
  ])('%s is redirected to %s', async (path, location) => {
    for (const method of ['GET', 'POST']) {
      const answer = await ask(hotseat.url, `${method} ${path}`)
      expect(answer).toMatch(/^HTTP\/1.1 307 /)
      expect(/^location: (.*)\r$/im.exec(answer)?.[1]).toBe(location)
    }
  })

  test('an escaped slash is no separator, and escapes reach the model as they are', async () => {
    const response = await hotseat.get('/upstream/org%2Fa/x%2Fy%20z?q=%2F')
    expect(((await response.json()) as { url: string }).url).toBe('/x%2Fy%20z?q=%2F')
    expect((await hotseat.get('/v1%2Fmodels')).status).toBe(404)
    expect((await hotseat.get('/v1/%6Dodels')).status).toBe(200)
  })

  test('a target with scheme and host, as proxies send it, means its path', async () => {
    expect(await ask(hotseat.url, 'GET http://any.example/health?x')).toMatch(/^HTTP\/1.1 200 .*OK$/s)
    expect(await ask(hotseat.url, 'GET http://any.example')).toMatch(/^HTTP\/1.1 302 /)
  })

  test('the name of a model is encoded in the redirect to its root', async () => {
    const get = await hotseat.get('/upstream/one%20two?q', { redirect: 'manual' })
    expect([get.status, get.headers.get('location')]).toEqual([301, '/upstream/one%20two/?q'])
    const post = await fetch(`${hotseat.url}/upstream/one%20two`, { method: 'POST', redirect: 'manual' })
    expect(post.status).toBe(308)
  })

  test.each([
    ['/', 302, '/ui'],
    ['/ui', 307, '/ui/'],
    ['/upstream', 302, '/ui/#/models'],
  ])('%s leads elsewhere', async (path, status, location) => {
    const response = await hotseat.get(path, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([status, location])
  })

  test('there is a page, an icon, a version and a sign of life', async () => {
    const page = await hotseat.get('/')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await hotseat.get('/favicon.ico')).headers.get('content-type')).toBe('image/svg+xml')
    expect(await (await hotseat.get('/api/version')).json()).toMatchObject({ version: expect.any(String) })
    for (const path of ['/health', '/wol-health']) expect(await (await hotseat.get(path)).text()).toBe('OK')
  })
})

describe('errors (server §12)', () => {
  test('an error is text or a page for those who ask for it, and shows nothing as markup', async () => {
    const plain = await hotseat.get('/nothing', { headers: { accept: 'text/plain, text/html' } })
    expect([plain.headers.get('content-type'), plain.headers.get('x-content-type-options')]).toEqual([
      'text/plain; charset=utf-8',
      'nosniff',
    ])
    expect(await plain.text()).toMatch(/^hotseat: There is no GET \/nothing/)
    const page = await ask(hotseat.url, 'GET /<script>alert(1)</script>', ['Accept: text/html'])
    expect(page).toContain('text/html')
    expect(page).not.toContain('<script>')
  })

  test('under /v1/messages an error has the shape that Anthropic clients know, and the other as well', async () => {
    for (const path of ['/v1/messages', '/v1/messages/count_tokens', '/v/messages']) {
      expect(await (await hotseat.post(path, { model: 'nope' })).json()).toMatchObject({
        src: 'hotseat',
        type: 'error',
        error: { type: 'not_found_error', code: 'not_found', param: null },
      })
    }
    expect(await (await hotseat.post('/upstream/nope/v1/messages', '')).json()).toMatchObject({ type: 'error' })
    expect(await (await hotseat.post('/v1/messages-not', '')).json()).not.toHaveProperty('type')
  })
})

describe('pages of other origins (server §4.4, §4.5)', () => {
  test.each(['/v1/models', '/nothing', '/upstream/org/a/x', '*'])('OPTIONS %s is answered here', async (path) => {
    const headers = ['Origin: https://chat.example', 'Access-Control-Request-Headers: x-a, bad header,Y']
    const answer = await ask(hotseat.url, `OPTIONS ${path}`, headers)
    expect(answer).toMatch(/^HTTP\/1.1 204 /)
    expect(answer).toMatch(/^access-control-allow-origin: \*\r$/im)
    expect(answer).toMatch(/^access-control-allow-methods: GET, POST, PUT, PATCH, DELETE, OPTIONS\r$/im)
    expect(answer).toMatch(/^access-control-allow-headers: x-a, Y\r$/im)
    expect(answer).toMatch(/^access-control-max-age: 86400\r$/im)
  })

  test('without asked-for headers the usual ones are allowed', async () => {
    expect(await ask(hotseat.url, 'OPTIONS /x')).toMatch(
      /^access-control-allow-headers: Content-Type, Authorization, Accept, X-Requested-With\r$/im,
    )
  })

  test.each(['/v1/models', '/nothing', '/upstream/org/a/x'])('a page may read what %s answers', async (path) => {
    const response = await hotseat.get(path, { headers: { origin: 'https://chat.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://chat.example')
    expect(response.headers.get('access-control-expose-headers')).toBe('*')
    expect(response.headers.get('vary')).toBe('Origin')
  })

  test('what a model says of it itself counts, and what it varies by is kept', async () => {
    const set = 'set-access-control-allow-origin=https://its.own&set-vary=Accept'
    const response = await hotseat.get(`/upstream/org/a/x?${set}`, { headers: { origin: 'https://chat.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://its.own')
    expect(response.headers.get('vary')).toBe('Accept, Origin')
  })

  test('a client that is no page is told nothing of it', async () => {
    const { headers } = await hotseat.get('/v1/models')
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, null])
  })

  test('a page of another site can change nothing', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    for (const [method, path] of [
      ['GET', '/unload'],
      ['POST', '/api/models/unload'],
      ['POST', '/api/models/load/org/a'],
      ['PUT', '/api/profiles/active'],
      ['POST', '/api/inflight/1/cancel'],
    ] as const) {
      const response = await fetch(hotseat.url + path, { method, headers })
      expect([path, response.status, (await readError(response)).code]).toEqual([path, 403, 'forbidden'])
    }
  })

  test('only the listed origins may read, and change, when there is a list', async () => {
    await using strict = await startHotseat({ a: upstream() }, 'cors: {allowOrigins: [https://chat.example]}')
    const from = (origin: string) => ({ headers: { origin, 'sec-fetch-site': 'cross-site' } })
    const good = await strict.get('/unload', from('https://chat.example'))
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, 'https://chat.example'])
    const bad = await strict.get('/unload', from('https://evil.example'))
    expect([bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(bad.headers.get('vary')).toBe('Origin')
    const preflight = await strict.get('/x', { method: 'OPTIONS', ...from('https://evil.example') })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, null])
    const allowed = await strict.get('/x', { method: 'OPTIONS', ...from('https://chat.example') })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://chat.example')
  })
})
