import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      b: {
        cmd: upstream(),
        name: ' The B ',
        description: ' second ',
        aliases: ['gpt', 'org/b'],
        ttl: 600,
        metadata: { type: 'mine', architecture: 'dropped', context_length: 1, deep: { list: [1, null, true] } },
        capabilities: { in: ['text', 'image', 'audio'], out: ['text', 'audio'], tools: true, context: 8192 },
      },
      é: { cmd: upstream(), metadata: { architecture: 'kept' } },
      a: { cmd: upstream(), capabilities: { in: ['text'], out: ['image'], reranker: true } },
      only: { cmd: upstream(), capabilities: { out: ['text'] } },
      hidden: { cmd: upstream(), unlisted: true, aliases: ['hidden-alias'] },
      bad: { cmd: 'no-such-program', proxy: 'http://127.0.0.1:9' },
      slow: upstream('--load-ms 300'),
      'odd?#%&+ /1': { cmd: upstream('--status 500'), unlisted: true },
    },
    `
hooks: {on_startup: {preload: [hidden-alias, 'odd?#%&+ /1', nobody]}}
includeAliasesInList: true
peers:
  far: {proxy: 'http://127.0.0.1:9', models: [x, b, shared]}
  near: {proxy: 'http://127.0.0.1:9', models: [shared]}
selectors:
  first: {strategy: pin, targets: [a, b], name: First, metadata: {targets: dropped, id: 12345678901234567890, v: 1.0}}
  spill: {strategy: spillover, targets: [far/x, b], settings: {spillover: 3}}
  secret: {strategy: warm, targets: [a], unlisted: true}
profiles:
  night: {description: Cheap, pins: {gpt-5: a, gpt: a, off: '', x: a, first: b, new/one: far/x}}
groups: {all: {members: [a, b, é, only, hidden, slow, bad, 'odd?#%&+ /1'], swap: false, exclusive: false}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

interface Record {
  readonly id: string
  readonly created: number
  readonly meta: { readonly llamaswap: { readonly type: string; readonly [key: string]: unknown } }
  readonly [key: string]: unknown
}

async function list(): Promise<readonly Record[]> {
  return ((await (await hotseat.get('/v1/models')).json()) as { data: Record[] }).data
}

async function recordOf(id: string): Promise<Record> {
  const response = await hotseat.get(`/v1/models/${id}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Record
}

async function select(name: unknown): Promise<Response> {
  return fetch(`${hotseat.url}/api/profiles/active`, { method: 'PUT', body: JSON.stringify({ name }) })
}

describe('the list of models (server §18)', () => {
  test('has models, aliases, models of peers and selectors, in the order of their bytes', async () => {
    const records = await list()
    expect(records.map(({ id, meta }) => `${id} ${meta.llamaswap.type}`)).toEqual([
      'a model',
      'b model',
      'bad model',
      'far/b peer',
      'far/shared peer',
      'far/x peer',
      'first selector',
      'gpt alias',
      'near/shared peer',
      'only model',
      'org/b alias',
      'slow model',
      'spill selector',
      'é model',
    ])
    expect(await (await hotseat.get('/models')).json()).toEqual({ object: 'list', data: records })
  })

  test('a record has what is configured, trimmed, and the server’s own keys win over metadata', async () => {
    const b = (await list()).find(({ id }) => id === 'b')!
    expect(b).toEqual({
      id: 'b',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'hotseat',
      name: 'The B',
      description: 'second',
      architecture: {
        input_modalities: ['text', 'image', 'audio'],
        output_modalities: ['text', 'audio'],
        modality: 'text+image+audio->text+audio',
      },
      capabilities: { vision: true, audio_transcriptions: true, audio_speech: true, function_calling: true },
      supported_parameters: ['tools', 'tool_choice'],
      context_length: 8192,
      meta: {
        llamaswap: { type: 'model', aliases: ['gpt', 'org/b'], deep: { list: [1, null, true] } },
        n_ctx: 8192,
      },
      status: { value: 'unloaded', state: 'stopped' },
    })
  })

  test('capabilities are told as far as they are configured', async () => {
    expect(await recordOf('a')).toMatchObject({
      architecture: { input_modalities: ['text'], output_modalities: ['image'], modality: 'text->image' },
      capabilities: { image_generation: true, reranker: true },
    })
    const only = await recordOf('only')
    expect([only.architecture, 'capabilities' in only]).toEqual([{ output_modalities: ['text'] }, false])
    expect((await recordOf('%C3%A9')).meta.llamaswap).toEqual({ type: 'model', architecture: 'kept' })
  })

  test('aliases, peers and selectors say what they are', async () => {
    const records = new Map((await list()).map((record) => [record.id, record]))
    expect(records.get('gpt')?.meta.llamaswap).toEqual({ type: 'alias', modelID: 'b', deep: expect.anything() })
    expect(records.get('gpt')).toMatchObject({ name: 'The B', context_length: 8192 })
    expect(records.get('far/x')).toMatchObject({
      name: 'far: x',
      meta: { llamaswap: { type: 'peer', peerID: 'far' } },
      status: { value: 'unloaded' },
    })
    expect(records.get('spill')?.meta.llamaswap).toEqual({
      type: 'selector',
      strategy: 'spillover',
      targets: ['far/x', 'b'],
      spillover: 3,
    })
    expect(records.get('first')).toMatchObject({ name: 'First', meta: { llamaswap: { targets: ['a', 'b'] } } })
  })

  test('numbers in metadata are as they were written', async () => {
    const text = await (await hotseat.get('/v1/models/first')).text()
    expect(text).toContain('"id":12345678901234567890')
    expect(text).toContain('"v":1.0')
  })

  test('`created` is when the configuration was loaded, not when it is asked', async () => {
    const { loadedAt } = hotseat.running.server.reloader
    for (const { created } of await list()) expect(created).toBe(Math.floor(loadedAt / 1000))
  })

  test('one record is found by any name that can be requested, listed or not', async () => {
    expect((await recordOf('org/b')).meta.llamaswap).toMatchObject({ type: 'alias', modelID: 'b' })
    expect((await recordOf('org%2Fb')).id).toBe('org/b')
    expect((await recordOf('far/x')).meta.llamaswap.type).toBe('peer')
    expect((await recordOf('x')).id).toBe('far/x')
    expect((await recordOf('hidden-alias')).meta.llamaswap).toMatchObject({ modelID: 'hidden' })
    expect((await recordOf('secret')).meta.llamaswap).toMatchObject({ strategy: 'warm' })
    for (const name of ['shared', 'nope', '__proto__', 'b/x', 'org']) {
      expect([name, (await hotseat.get(`/v1/models/${name}`)).status]).toEqual([name, 404])
    }
  })

  test('a model that takes a place is loaded, and a selector with it; the state tells more', async () => {
    const asked = hotseat.post(chat, { model: 'slow' })
    await until('it is starting', () => hotseat.stateOf('slow') === 'starting')
    expect((await recordOf('slow')).status).toEqual({ value: 'loaded', state: 'starting' })
    await asked
    expect((await recordOf('slow')).status).toEqual({ value: 'loaded', state: 'ready' })
    await hotseat.post(chat, { model: 'b' })
    expect((await recordOf('org/b')).status).toEqual({ value: 'loaded', state: 'ready' })
    expect((await recordOf('spill')).status).toEqual({ value: 'loaded' })
    expect((await recordOf('first')).status).toEqual({ value: 'unloaded' })
  })
})

describe('profiles (server §23)', () => {
  test('are listed, one is chosen, and its names that mean nothing else are models meanwhile', async () => {
    const pins = { 'gpt-5': 'a', gpt: 'a', off: '', x: 'a', first: 'b', 'new/one': 'far/x' }
    const listing = async () => (await hotseat.get('/api/profiles')).json()
    expect(await listing()).toEqual({ active: null, profiles: [{ id: 'night', description: 'Cheap', pins }] })
    const before = (await list()).length

    const chosen = await select('night')
    expect([chosen.status, await chosen.json()]).toEqual([200, { active: 'night' }])
    expect(await listing()).toMatchObject({ active: 'night' })
    const added = (await list()).filter(({ meta }) => meta.llamaswap.type === 'profile')
    expect(added.map(({ id }) => id)).toEqual(['gpt-5', 'new/one'])
    expect(added[0]).toEqual({
      id: 'gpt-5',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'hotseat',
      meta: { llamaswap: { type: 'profile' } },
      status: { value: 'unloaded' },
    })
    expect((await recordOf('new/one')).meta.llamaswap.type).toBe('profile')

    const again = { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: ' {"name":"night"} and so on' }
    const unread = await fetch(`${hotseat.url}/api/profiles/active`, again)
    expect([unread.status, await unread.json()]).toEqual([200, { active: 'night' }])

    for (const none of [null, '']) expect(await (await select(none)).json()).toEqual({ active: null })
    expect((await list()).length).toBe(before)
  })

  test.each([
    ['no JSON', 'x', 400, 'invalid_json'],
    ['nothing', '', 400, 'invalid_json'],
    ['an object that does not end', '{"name":"night"', 400, 'invalid_json'],
    ['a text that is no JSON within', '{"name":"\\x"}', 400, 'invalid_json'],
    ['another value first', 'null {"name":"night"}', 400, 'bad_request'],
    ['no object', '[]', 400, 'bad_request'],
    ['no name', '{}', 400, 'bad_request'],
    ['a name that is no text', '{"name":1}', 400, 'bad_request'],
    ['an unknown profile', '{"name":"day"}', 404, 'not_found'],
    ['a body without end', `{"name":"${'x'.repeat(100_000)}"}`, 413, 'body_too_large'],
  ])('%s is refused, and the selection stays', async (_what, body, status, code) => {
    await select('night')
    const response = await fetch(`${hotseat.url}/api/profiles/active`, { method: 'PUT', body })
    expect([response.status, (await readError(response)).code]).toEqual([status, code])
    expect(await (await hotseat.get('/api/profiles')).json()).toMatchObject({ active: 'night' })
    await select(null)
  })
})

describe('loading and unloading (server §19)', () => {
  test('a model is loaded without being asked anything, by alias too', async () => {
    await hotseat.post('/api/models/unload', '')
    const response = await hotseat.post('/api/models/load/org/b', '')
    expect([response.status, await response.json()]).toEqual([
      200,
      { msg: 'ok', model: 'b', state: 'ready', waited_ms: expect.any(Number) },
    ])
    await until('nothing is held', () => hotseat.leasesOf('b') === 0)
  })

  test('an id may hold whatever a path must not, and what the model says of / does not matter (W25, W37)', async () => {
    const log = () => hotseat.running.server.logs.proxy.history().toString()
    await until('both are preloaded', () => /Preloaded hidden\n[\s\S]*Preloaded odd/.test(log()))
    const id = 'odd?#%&+ /1'
    await hotseat.post(`/api/models/unload/${encodeURIComponent(id)}`, '')
    expect(hotseat.stateOf(id)).toBe('stopped')
    const response = await hotseat.post(`/api/models/load/${encodeURIComponent(id)}`, '')
    expect([response.status, await response.json()]).toMatchObject([200, { model: id, state: 'ready' }])
    expect((await hotseat.get(`/upstream/${encodeURIComponent(id)}/`)).status).toBe(500)
    expect(log()).not.toContain('Could not preload')
  })

  test('a model that does not start is an error that says why', async () => {
    const response = await hotseat.post('/api/models/load/bad', '')
    expect([response.status, (await readError(response)).message]).toEqual([503, expect.stringContaining('ENOENT')])
  })

  test.each(['/api/models/load/nope', '/api/models/load/far/x', '/api/models/unload/far/x', '/api/models/load/'])(
    '%s is a 404: it is no model of this server',
    async (path) => {
      expect((await hotseat.post(path, '')).status).toBe(404)
    },
  )

  test('what runs is told with its command and ttl', async () => {
    await hotseat.post('/api/models/load/b', '')
    const { running } = (await (await hotseat.get('/running')).json()) as { running: { model: string }[] }
    expect(running.find(({ model }) => model === 'b')).toEqual({
      model: 'b',
      state: 'ready',
      cmd: expect.stringContaining('upstream.ts'),
      proxy: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      ttl: 600,
      name: ' The B ',
      description: ' second ',
    })
  })

  test('a client that leaves while it loads a model withdraws', async () => {
    await hotseat.post('/api/models/unload/slow', '')
    const leaving = new AbortController()
    const asked = hotseat.post('/api/models/load/slow', '', { signal: leaving.signal })
    const waiters = () => hotseat.running.server.system.ledger().swaps.flatMap((swap) => swap.waiters).length
    await until('it waits', () => waiters() === 1)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await until('nobody waits', () => waiters() === 0)
  })
})
