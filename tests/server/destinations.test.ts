import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../support/events.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

/* What a name means on its way to a model: profiles, selectors, aliases and peers (server §7, §8, §10). */

let far: Hotseat
let near: Hotseat

beforeAll(async () => {
  far = await startHotseat({ big: { cmd: upstream(), aliases: ['other'] } }, 'apiKeys: [far-key]')
  near = await startHotseat(
    {
      a: {
        cmd: upstream(),
        useModelName: 'real/a',
        aliases: ['first'],
        filters: { stripParams: 'temperature', setParams: { top_k: 7 }, setParamsByID: { 'a:hot': { top_p: 1 } } },
      },
      b: { cmd: upstream() },
      gone: { cmd: upstream('--exit-code 1'), sendLoadingState: true },
      busy: { cmd: upstream('--status 503'), sendLoadingState: true },
    },
    `
groups: {all: {swap: false, members: [a, b, gone, busy]}}
peers:
  far: {proxy: "${far.url}", apiKey: far-key, models: [big], filters: {setParams: {from: near}}}
  dead: {proxy: "http://127.0.0.1:9", models: [m]}
selectors:
  pinned: {strategy: pin, targets: [first, b]}
  warm: {strategy: warm, targets: [a, b]}
  warmest: {strategy: warm, targets: [a, b]}
  spread: {strategy: spillover, targets: [a, b]}
  sure: {strategy: failover, targets: [dead/m, gone, b]}
  told: {strategy: failover, targets: [gone, busy, b]}
  lost: {strategy: failover, targets: [dead/m, gone]}
profiles:
  work: {pins: {gpt: b, off: "", warm: a}}
`,
  )
})

afterAll(async () => {
  await near[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

/** What the model was sent: the fixture shows it on paths that are not its own. */
async function seen(
  model: string,
  more: object = {},
): Promise<{ body: Record<string, unknown>; rawHeaders: string[] }> {
  const response = await near.post('/completion', { model, ...more })
  const { body, rawHeaders } = (await response.json()) as { body: string; rawHeaders: string[] }
  return { body: JSON.parse(body), rawHeaders }
}

async function answer(model: string): Promise<string> {
  const response = await near.post(chat, { model })
  const { choices } = (await response.json()) as { choices?: { message: { content: string } }[] }
  return choices?.[0]?.message.content ?? String(response.status)
}

describe('a local model', () => {
  test('reads its own name and its parameters, and the others as they were sent', async () => {
    expect((await seen('a', { temperature: 1, keep: 2 })).body).toEqual({ model: 'real/a', keep: 2, top_k: 7 })
    expect((await seen('a:hot')).body).toEqual({ model: 'real/a', top_k: 7, top_p: 1 })
  })

  test('tells its clients how long they waited', async () => {
    const response = await near.post('/completion', { model: 'b' })
    await response.text()
    expect(Number(response.headers.get('x-hotseat-queue-ms'))).toBeGreaterThanOrEqual(0)
    expect(Number(response.headers.get('x-hotseat-load-ms'))).toBeGreaterThanOrEqual(0)
  })
})

describe("a peer's model", () => {
  test('is reached by its qualified and its bare name, with the key and the parameters of the peer', async () => {
    for (const name of ['far/big', 'big']) {
      const { body, rawHeaders } = await seen(name)
      expect(body).toEqual({ model: 'big', from: 'near' })
      expect(rawHeaders.join(' ')).not.toContain('far-key')
    }
    expect(await answer('far/big')).toBe('big answers')
  })

  test('is reached under /upstream as well', async () => {
    const response = await near.get('/upstream/far/big/upstream/big/hello')
    expect(((await response.json()) as { url: string }).url).toBe('/hello')
  })

  test('that cannot be reached is a 502 that names the peer', async () => {
    const response = await near.post(chat, { model: 'dead/m' })
    const { message, code } = await readError(response)
    expect([response.status, code]).toEqual([502, 'bad_gateway'])
    expect(message).toContain('Peer "dead"')
  })
})

describe('a selector', () => {
  test('that pins takes its first target, as it is written', async () => {
    expect((await seen('pinned')).body).toMatchObject({ model: 'real/a' })
  })

  test('that spills over asks the next target while the first is busy', async () => {
    const slow = near.post(chat, { model: 'spread', chunks: 5, chunkMs: 100 })
    const [one, two] = await Promise.all([slow, near.post(chat, { model: 'spread' })])
    const texts = await Promise.all([one.text(), two.text()])
    expect(texts.map((text) => /"content":"(\S+) answers"/.exec(text)?.[1]).sort()).toEqual(['b', 'real/a'])
  })

  test('that spills over counts what was asked by another name (W47)', async () => {
    const direct = near.post(chat, { model: 'a', chunks: 5, chunkMs: 100 })
    await until('it is served', () => near.leasesOf('a') === 1)
    expect(await answer('spread')).toBe('b answers')
    await (await direct).text()
  })

  test('that takes the warmest asks what is loaded, and loads the first when nothing is', async () => {
    await near.post('/api/models/unload', {})
    await answer('b')
    expect(await answer('warmest')).toBe('b answers')
    await near.post('/api/models/unload', {})
    expect(await answer('warmest')).toBe('real/a answers')
  })

  test('is told of the request that it chose for', async () => {
    await using events = await listen(near)
    await answer('pinned')
    const { data } = await events.find('the request', ({ data }) => data.operation === 'upsert')
    expect(data.request).toMatchObject({ model: 'a', metadata: { selector: 'pinned' } })
  })

  test('that fails over asks one after the other until one answers, and leaves alone what failed thrice', async () => {
    for (let round = 0; round < 5; round++) expect(await answer('sure')).toBe('b answers')
  })

  test('that fails over tells nothing of the loads before the one that answers, and does so for every protocol', async () => {
    const stream = await (await near.post(chat, { model: 'told', stream: true })).text()
    expect(stream).toContain('"model":"b"')
    expect(stream).not.toMatch(/loading|error/)
    const translated = await near.post('/api/chat', { model: 'told', stream: false, messages: [{ role: 'user' }] })
    expect([translated.status, await translated.json()]).toMatchObject([200, { message: { content: 'b answers' } }])
  })

  test('that fails over to nobody says why the last one did not answer', async () => {
    const response = await near.post(chat, { model: 'lost' })
    expect(response.status).toBe(503)
  })
})

describe('a profile', () => {
  const select = (name: string | null) =>
    near.get('/api/profiles/active', { method: 'PUT', body: JSON.stringify({ name }) })

  test('pins names to others, even those of selectors, and switches names off', async () => {
    expect(await answer('gpt')).toBe('404')
    await select('work')
    expect(await answer('gpt')).toBe('b answers')
    expect(await answer('warm')).toBe('real/a answers')
    const off = await near.post(chat, { model: 'off' })
    expect([off.status, (await readError(off)).code]).toEqual([404, 'not_found'])
    expect((await near.get('/upstream/gpt/hello')).status).toBe(200)
    await select(null)
    expect(await answer('gpt')).toBe('404')
  })
})

test('a form is renamed in its bytes: files, order and boundary stay', async () => {
  const form = new FormData()
  form.append('file', new Blob(['RIFF\r\n'], { type: 'audio/wav' }), 'a.wav')
  form.append('model', 'a')
  const response = await near.get('/rerank', { method: 'POST', body: form })
  const { body } = (await response.json()) as { body: string }
  expect(body).toContain('Content-Type: audio/wav\r\n\r\nRIFF\r\n')
  expect(body).toMatch(/name="model"\r\n\r\nreal\/a\r\n--/)
})

test('paths that are to be ignored do not load a model', async () => {
  await near.post('/api/models/unload/b', {})
  const response = await near.get('/upstream/b/favicon.ico')
  expect([response.status, (await readError(response)).code]).toEqual([409, 'conflict'])
  expect(near.stateOf('b')).toBe('stopped')
})
