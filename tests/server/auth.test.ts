import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callerWith } from '../../server/auth/caller.ts'
import { listen } from '../support/events.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { raw } from '../support/raw.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    { a: { cmd: upstream(), aliases: ['org/a'] }, b: { cmd: upstream(), aliases: ['team/b'] } },
    `
apiKeys:
  - plain
  - {key: talker, name: Mine, allow: [inference]}
  - {key: keeper, name: Yours, allow: [control]}
  - {key: reader, allow: [logs]}
  - {key: page, allow: [ui]}
  - {key: narrow, name: Narrow, models: ['team/*', 'other*'], allow: [inference, control, logs, ui]}
profiles:
  night: {pins: {mine: b, team/x: a, theirs: a, other: '', off: ''}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

async function listed(key: string): Promise<readonly string[]> {
  const { data } = (await (await hotseat.get('/v1/models', bearer(key))).json()) as { data: { id: string }[] }
  return data.map(({ id }) => id)
}

describe('the key of a request (server §5)', () => {
  test.each([
    ['nothing', {}, 401],
    ['a bearer', { authorization: 'Bearer plain' }, 200],
    ['a scheme in any case', { authorization: 'bEaReR plain' }, 200],
    ['two blanks after the scheme', { authorization: 'Bearer  plain' }, 401],
    ['a bearer of another case', { authorization: 'Bearer Plain' }, 401],
    ['a password, whatever the user', { authorization: basic('any:plain') }, 200],
    ['a password with a colon in it', { authorization: basic('any:pla:in') }, 401],
    ['no user', { authorization: basic(':plain') }, 200],
    ['an x-api-key', { 'x-api-key': 'plain' }, 200],
    ['a wrong bearer beside a right x-api-key', { authorization: 'Bearer wrong', 'x-api-key': 'plain' }, 401],
    ['a wrong password beside a right x-api-key', { authorization: basic('u:wrong'), 'x-api-key': 'plain' }, 401],
    ['an empty password beside a right x-api-key', { authorization: basic('u:'), 'x-api-key': 'plain' }, 200],
    ['no colon beside a right x-api-key', { authorization: basic('plain'), 'x-api-key': 'plain' }, 200],
    ['bad base64 beside a right x-api-key', { authorization: 'Basic %%%', 'x-api-key': 'plain' }, 200],
    ['another scheme beside a right x-api-key', { authorization: 'Digest plain', 'x-api-key': 'plain' }, 200],
    ['a right bearer beside a wrong x-api-key', { authorization: 'Bearer plain', 'x-api-key': 'wrong' }, 200],
    ['a header of others', { 'api-key': 'plain', 'x-goog-api-key': 'plain' }, 401],
    ['a long wrong one', { authorization: `Bearer ${'x'.repeat(10_000)}` }, 401],
  ])('%s', async (_what, headers, status) => {
    expect((await hotseat.get('/v1/models', { headers })).status).toBe(status)
  })

  test('a key in the query is not looked at', async () => {
    expect((await hotseat.get('/v1/models?api_key=plain&key=plain')).status).toBe(401)
  })

  test('a refusal says how, and asks a browser for a password unless the page is of another site', async () => {
    const response = await hotseat.get('/v1/models')
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="hotseat"')
    expect(await readError(response)).toMatchObject({ type: 'authentication_error', code: 'unauthorized' })
    const foreign = await hotseat.get('/v1/models', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(foreign.headers.get('www-authenticate')).toBe('Bearer realm="hotseat"')
    const plain = await hotseat.get('/v1/models', { headers: { accept: 'text/plain' } })
    expect([plain.status, (await plain.text()).slice(0, 8)]).toEqual([401, 'hotseat:'])
  })

  test.each(['/health', '/wol-health', '/', '/ui', '/upstream', '/favicon.ico', '/api/openapi.json'])(
    '%s needs none',
    async (path) => {
      expect((await hotseat.get(path, { redirect: 'manual' })).status).toBeLessThan(400)
    },
  )

  test('what does not exist says so without a key', async () => {
    expect((await hotseat.get('/nothing')).status).toBe(404)
    expect((await hotseat.post('/v1/models', '')).status).toBe(405)
  })

  test('a key that matched goes no further, and everything else does', async () => {
    const seen = async (headers: Record<string, string>) => {
      const response = await hotseat.get('/upstream/a/echo', { headers })
      const { rawHeaders } = (await response.json()) as { rawHeaders: string[] }
      return rawHeaders.join('|').toLowerCase()
    }
    const both = await seen({ authorization: 'Bearer plain', 'x-api-key': 'plain', cookie: 'c=1' })
    expect(both).not.toContain('plain')
    expect(both).toContain('cookie|c=1')
    const other = await seen({ authorization: 'Bearer plain', 'x-api-key': 'for-the-model' })
    expect(other).not.toContain('plain')
    expect(other).toContain('x-api-key|for-the-model')
    const doubled = `GET /upstream/a/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'Authorization: Bearer plain\r\n'.repeat(2)}\r\n`
    expect(await raw(hotseat.url, doubled)).not.toContain('plain')
  })

  test('without keys in the configuration nothing is asked for, and what a client sends for the model reaches it', async () => {
    await using open = await startHotseat({ a: upstream() })
    const response = await open.get('/upstream/a/echo', { headers: { authorization: 'Bearer mine' } })
    expect(await response.text()).toContain('Bearer mine')
  })
})

describe('what a key may do', () => {
  test.each([
    ['talker', { '/v1/models': 200, '/props?model=a': 200, '/running': 403, '/logs': 403, '/api/events': 403 }],
    ['keeper', { '/v1/models': 200, '/props?model=a': 403, '/running': 200, '/logs': 403, '/api/profiles': 200 }],
    ['reader', { '/v1/models': 200, '/props?model=a': 403, '/running': 403, '/logs': 200, '/api/queue': 200 }],
    ['page', { '/v1/models': 200, '/props?model=a': 403, '/running': 200, '/logs': 403, '/ui/': 200 }],
  ])('%s', async (key, expected) => {
    for (const [path, status] of Object.entries(expected)) {
      const response = await hotseat.get(path, bearer(key))
      expect([path, response.status]).toEqual([path, status])
      if (status === 403) expect((await readError(response)).code).toBe('forbidden')
      else await response.body?.cancel()
    }
  })

  test('a refusal names the key and what is missing, never the secret', async () => {
    const { message } = await readError(await hotseat.get('/unload', bearer('talker')))
    expect(message).toContain('The key "Mine" is allowed inference, and this needs control')
    expect(message).not.toContain('talker')
    expect((await readError(await hotseat.get('/unload', bearer('reader')))).message).toMatch(
      /^This key is allowed logs/,
    )
  })

  test('events hold no log for a key that may not read logs', async () => {
    await using events = await listen(hotseat, { authorization: 'Bearer page' })
    await events.find('the snapshot', ({ type }) => type === 'inflight')
    expect(events.all('logData')).toEqual([])
    expect(events.all('modelStatus')).toHaveLength(1)
  })
})

test.each([
  ['*', 'anything/at all', true],
  ['a', 'a', true],
  ['a', 'A', false],
  ['a', 'ab', false],
  ['team/*', 'team/b/c', true],
  ['team/*', 'teams', false],
  ['*-mini', 'gpt-4o-mini', true],
  ['*-mini', 'mini', false],
  ['*-mini', 'gpt-4o-maxi', false],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a*b*b', 'ab', false],
  ['a.c', 'abc', false],
])('the glob %s and the name %s', (glob, name, fits) => {
  const key = { key: 'k', name: null, models: [glob], allow: [] }
  expect(callerWith(key, []).sees([name])).toBe(fits)
})

describe('a key for some models', () => {
  const narrow = bearer('narrow')
  const ask = (model: string) =>
    hotseat.post(chat, { model }, { headers: { 'content-type': 'application/json', ...narrow.headers } })

  test('sees them alone, by whatever name of theirs it was given', async () => {
    expect(await listed('plain')).toEqual(['a', 'b'])
    expect(await listed('narrow')).toEqual(['b'])
  })

  test('uses them by any name, and others do not exist for it, not even in a hint', async () => {
    for (const model of ['b', 'team/b']) expect((await ask(model)).status).toBe(200)
    const hidden = await readError(await ask('a'))
    const absent = await readError(await ask('z'))
    expect(hidden.message.replaceAll('"a"', '"z"')).toBe(absent.message)
    expect(hidden.code).toBe('not_found')
    expect((await readError(await ask('org/b'))).message).not.toContain('org/a')
    for (const path of ['/upstream/a/x', '/v1/models/a', '/props?model=org/a']) {
      expect([path, (await hotseat.get(path, narrow)).status]).toEqual([path, 404])
    }
  })

  test('unloads them alone', async () => {
    await hotseat.post('/api/models/load/b', '', bearer('plain'))
    await hotseat.post('/api/models/load/a', '', bearer('plain'))
    const running = async (key: string) => {
      const { running } = (await (await hotseat.get('/running', bearer(key))).json()) as {
        running: { model: string }[]
      }
      return running.map(({ model }) => model)
    }
    expect([await running('plain'), await running('narrow')]).toEqual([['a'], []])
    expect((await hotseat.get('/unload', narrow)).status).toBe(200)
    expect((await hotseat.post('/api/models/unload/a', '', narrow)).status).toBe(404)
    expect(await running('plain')).toEqual(['a'])
  })

  test('sees of profiles what concerns them, and cannot change what names mean for others', async () => {
    const profiles = async (key: string) => (await hotseat.get('/api/profiles', bearer(key))).json()
    expect(await profiles('narrow')).toMatchObject({ profiles: [{ pins: { mine: 'b', 'team/x': 'a', other: '' } }] })
    expect(JSON.stringify(await profiles('narrow'))).not.toMatch(/theirs|off/)
    expect(JSON.stringify(await profiles('plain'))).toMatch(/theirs.*off/)
    const chosen = await hotseat.get('/api/profiles/active', { ...narrow, method: 'PUT', body: '{"name":"night"}' })
    expect([chosen.status, (await readError(chosen)).code]).toEqual([403, 'forbidden'])
    expect(await profiles('plain')).toMatchObject({ active: null })
  })

  test('reads the log of them alone', async () => {
    for (const [path, status] of [
      ['/logs', 403],
      ['/logs/stream', 403],
      ['/logs/stream/proxy', 403],
      ['/logs/stream/upstream', 403],
      ['/logs/stream/a', 400],
      ['/logs/stream/b', 200],
    ] as const) {
      const response = await hotseat.get(path, narrow)
      expect([path, response.status]).toEqual([path, status])
      await response.body?.cancel()
    }
  })

  test('hears of them alone', async () => {
    await using events = await listen(hotseat, narrow.headers)
    const { data } = await events.find('the models', ({ type }) => type === 'modelStatus')
    expect(data.map(({ id }: { id: string }) => id)).toEqual(['b'])
    await hotseat.post(
      chat,
      { model: 'a' },
      { headers: { 'content-type': 'application/json', authorization: 'Bearer plain' } },
    )
    expect((await ask('b')).status).toBe(200)
    const { data: first } = await events.find('a request', ({ data }) => data.operation === 'upsert')
    expect(first.request).toMatchObject({ model: 'b', req_headers: { Authorization: '[REDACTED]' } })
    expect(events.all('logData')).toEqual([])
  })
})
