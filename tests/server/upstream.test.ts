import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

/* A model's own paths (server §15), and the paths that name it in their query or under a prefix (§17). */

let far: Hotseat
let hotseat: Hotseat

beforeAll(async () => {
  far = await startHotseat({ big: upstream() })
  hotseat = await startHotseat(
    {
      author: { cmd: upstream(), useModelName: 'real/name', aliases: ['short'], filters: { setParams: { top_k: 1 } } },
      'author/model': upstream(),
      slow: upstream('--silent-health'),
    },
    `
groups: {all: {members: [author, author/model, slow], swap: false}}
peers: {far: {proxy: "${far.url}/upstream/big", models: [big, author/model]}}
selectors: {choice: {strategy: pin, targets: [author]}}
profiles:
  work: {pins: {team: author, team/model: author/model, team/off: "", remote: far/big}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

interface Seen {
  readonly method: string
  readonly url: string
  readonly body: string
  readonly pid: number
}

async function seen(path: string, init?: RequestInit): Promise<Seen> {
  const response = await hotseat.get(path, init)
  expect([path, response.status]).toEqual([path, 200])
  return (await response.json()) as Seen
}

const select = (name: string | null) =>
  hotseat.get('/api/profiles/active', { method: 'PUT', body: JSON.stringify({ name }) })

describe('/upstream', () => {
  test('the longest name wins, a local one over a bare one of a peer, and a selector is none', async () => {
    const [long, short] = [await seen('/upstream/author/model/v1x'), await seen('/upstream/author/other')]
    expect([long.url, short.url]).toEqual(['/v1x', '/other'])
    expect(long.pid).not.toBe(short.pid)
    for (const path of ['/upstream/choice/x', '/upstream/nobody/x', '/upstream/model/x']) {
      const response = await hotseat.get(path)
      expect([path, response.status, (await readError(response)).code]).toEqual([path, 404, 'not_found'])
    }
  })

  test('a body is neither filtered nor renamed, here or at a peer', async () => {
    const body = '{ "model" : "whatever", "x":1.0 }'
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    for (const name of ['author', 'short', 'far/big']) {
      expect((await seen(`/upstream/${name}/completion?model=none`, init)).body).toBe(body)
    }
  })

  test('a pin stands at the head of the path: the longest, whole segments of it, and the rest stays', async () => {
    await select('work')
    const models = [await seen('/upstream/author/x'), await seen('/upstream/author/model/x')].map(({ pid }) => pid)
    const init = { method: 'POST', body: '{"model":"team"}', headers: { 'content-type': 'application/json' } }
    const pinned = await seen('/upstream/team/a%2Fb?model=team', init)
    expect(pinned).toMatchObject({ pid: models[0], url: '/a%2Fb?model=team', body: '{"model":"team"}' })
    expect((await seen('/upstream/team/model/x')).pid).toBe(models[1])
    expect((await seen('/upstream/remote/x')).url).toBe('/x')
    for (const path of ['/upstream/team/off/x', '/upstream/teams/x']) {
      const response = await hotseat.get(path)
      expect([path, response.status, (await readError(response)).code]).toEqual([path, 404, 'not_found'])
    }
    const redirect = await hotseat.get('/upstream/team/model?x=1', { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/upstream/author/model/?x=1'])
    await select(null)
    expect((await hotseat.get('/upstream/remote/x')).status).toBe(404)
  })

  test('a path that never loads a model is refused while it loads, and a peer decides for itself', async () => {
    const leaving = new AbortController()
    const waiting = hotseat.get('/upstream/slow/page', { signal: leaving.signal }).catch(() => {})
    await until('it is starting', () => hotseat.stateOf('slow') === 'starting')
    for (const path of ['/upstream/slow/style.css', '/upstream/slow/a/icon%2Epng?v=1']) {
      const response = await hotseat.get(path)
      expect([path, response.status, (await readError(response)).code]).toEqual([path, 409, 'conflict'])
    }
    expect((await hotseat.get('/upstream/far/big/style.css')).status).toBe(200)
    await seen('/upstream/author/x')
    expect((await seen('/upstream/author/style.css')).url).toBe('/style.css')
    leaving.abort()
    await waiting
  })
})

describe('other ways to a model', () => {
  test.each(['/props', '/sdapi/v1/loras'])('%s goes on with its whole query, as it was sent', async (path) => {
    expect((await seen(`${path}?b=2&model=short&autoload=false&a=%20`)).url).toBe(
      `${path}?b=2&model=short&autoload=false&a=%20`,
    )
    for (const method of ['GET', 'HEAD']) expect((await hotseat.get(path, { method })).status).toBe(404)
  })

  test('a query names the model that a selector chose, and nothing else of it changes', async () => {
    expect((await seen('/props?b=%2F&model=choice&a=1')).url).toBe('/props?b=%2F&model=author&a=1')
  })

  test.each([
    ['/v/rerank', '/rerank'],
    ['/v/reranking', '/reranking'],
    ['/audioapi/v1/tasks/run', '/v1/tasks/run'],
    ['/sdapi/v1/txt2img', '/sdapi/v1/txt2img'],
    ['/infill', '/infill'],
  ])('%s is %s at the model', async (path, at) => {
    const response = await hotseat.post(`${path}?q=1`, { model: 'author/model' })
    const answer = (await response.json()) as Seen & { model?: string }
    // On paths under /v1 the fixture answers as a model does.
    if (at.startsWith('/v1/')) expect(answer.model).toBe('author/model')
    else expect(answer.url).toBe(`${at}?q=1`)
  })

  test('voices can be asked for in both ways', async () => {
    expect((await hotseat.post('/v1/audio/voices', { model: 'author' })).status).toBe(200)
    const response = await hotseat.get('/v1/audio/voices?model=nobody')
    expect((await readError(response)).message).toContain('nobody')
  })
})
