import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../support/events.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { ask } from '../support/raw.ts'

/* How the name in a request becomes a model, and what else of the request is changed on the way (server §6 to §8). */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      a: { cmd: upstream(), aliases: ['first'] },
      b: upstream(),
      author: upstream(),
      'author/model': upstream(),
      set: { cmd: upstream(), useModelName: 'real', filters: { stripParams: 'top_p', setParams: { k: 7 } } },
    },
    `
groups: {all: {swap: false, members: [a, b, author, author/model, set]}}
selectors: {either: {strategy: pin, targets: [first]}}
profiles:
  swapped: {pins: {a: b, b: a, x: either, "author": "author/model", off: ""}}
`,
  )
})

afterAll(() => hotseat[Symbol.asyncDispose]())

async function select(name: string | null): Promise<void> {
  await hotseat.get('/api/profiles/active', { method: 'PUT', body: JSON.stringify({ name }) })
}

beforeEach(() => select(null))

/** Which model answered: each is told its name as it reads it. */
async function answered(model: unknown): Promise<string> {
  const response = await hotseat.post(chat, { model })
  if (!response.ok) return `${response.status} ${(await readError(response)).code}`
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]!.message.content
}

async function seen(path: string, init?: RequestInit): Promise<{ url: string; body: string; headers: string }> {
  const response = await hotseat.get(path, init)
  const { rawHeaders, ...rest } = (await response.json()) as { url: string; body: string; rawHeaders: string[] }
  return { ...rest, headers: rawHeaders.join('|').toLowerCase() }
}

describe('a name', () => {
  test.each([
    ['a', 'a answers'],
    ['first', 'first answers'],
    ['A', '404 not_found'],
    [' a', '404 not_found'],
    ['a ', '404 not_found'],
    ['a\u0000', '404 not_found'],
    ['constructor', '404 not_found'],
    [['a'], '404 not_found'],
    [{ a: 1 }, '404 not_found'],
    [true, '404 not_found'],
  ])('%j is compared exactly: %s', async (name, answer) => {
    expect(await answered(name)).toBe(answer)
  })

  test('goes through the pins of the profile once, and then through the selectors once', async () => {
    await select('swapped')
    expect(await answered('a')).toBe('b answers')
    expect(await answered('b')).toBe('a answers')
    expect(await answered('x')).toBe('first answers')
    expect(await answered('off')).toBe('404 not_found')
  })

  test('that a selector chose is shown with it to those who watch', async () => {
    await using events = await listen(hotseat)
    await answered('either')
    const { data } = await events.find('the request', ({ data }) => data.operation === 'upsert')
    expect(data.request).toMatchObject({ model: 'a', metadata: { selector: 'either' } })
  })

  test('of a selector means nothing under /upstream', async () => {
    expect((await hotseat.get('/upstream/either/x')).status).toBe(404)
  })

  test('is the longest one at the head of a path, with a slash that is escaped or not', async () => {
    for (const [path, url] of [
      ['/upstream/author/model/v', '/v'],
      ['/upstream/author%2Fmodel/x%2Fy', '/x%2Fy'],
      ['/upstream/author/v/model', '/v/model'],
    ] as const) {
      expect([path, (await seen(path)).url]).toEqual([path, url])
    }
    await select('swapped')
    expect((await seen('/upstream/author/v')).url).toBe('/v')
    expect((await hotseat.get('/upstream/off/v')).status).toBe(404)
  })
})

describe('where a request names its model', () => {
  test('a form counts before its query, the query of multipart before its field', async () => {
    const form = new URLSearchParams({ model: 'a', n: '1' })
    const encoded = await hotseat.post('/completion?model=nope', '', { body: form, headers: {} })
    expect(((await encoded.json()) as { body: string }).body).toBe('model=a&n=1')
    const multipart = new FormData()
    multipart.set('model', 'nope')
    expect((await hotseat.post('/completion?model=a', '', { body: multipart, headers: {} })).status).toBe(200)
  })

  test('any other type names it in the query, which JSON does not', async () => {
    const send = (query: string, type: string, body: string) =>
      hotseat.post(`/completion${query}`, body, { headers: { 'content-type': type } })
    expect((await send('?model=a', 'text/plain', 'words')).status).toBe(200)
    expect((await send('?model=a', 'APPLICATION/JSON', '{}')).status).toBe(404)
    expect((await send('', 'application/vnd.x+json', '{"model":"a"}')).status).toBe(200)
    expect((await send('', 'text/plain', '{"model":"a"}')).status).toBe(404)
  })

  test('a body in chunks is read whole', async () => {
    const chunks = '5\r\n{"mod\r\n8\r\nel":"a"}\r\n0\r\n\r\n'
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked', '', chunks]
    expect(await ask(hotseat.url, 'POST /completion', headers)).toContain('"body":"{\\"model\\":\\"a\\"}"')
  })
})

describe('what is changed on the way', () => {
  const json = { 'content-type': 'application/json' }

  test('is the JSON of a body, byte for byte what it was but for what is set', async () => {
    const body = '{ "model":"set", "n":1.0, "top_p":2, "big":12345678901234567890, "s":"\\u00e9" }'
    const { body: read, headers } = await seen('/completion', { method: 'POST', body, headers: json })
    expect(read).toBe('{ "model":"real", "n":1.0, "big":12345678901234567890, "s":"\\u00e9","k":7 }')
    expect(headers).toContain(`content-length|${read.length}`)
  })

  test('is nothing of a query or a form', async () => {
    expect((await seen('/props?model=set&top_p=1')).url).toBe('/props?model=set&top_p=1')
    const body = new URLSearchParams({ model: 'set', top_p: '1' })
    expect((await seen('/completion', { method: 'POST', body })).body).toBe('model=set&top_p=1')
  })

  test('is nothing of a GET, which never gains a body (W10)', async () => {
    const { body, headers } = await seen('/props?model=set', { headers: json })
    expect(body).toBe('')
    expect(headers).not.toMatch(/content-length|transfer-encoding/)
  })

  test('is the name that a profile pins, wherever it stands (W8)', async () => {
    await select('swapped')
    expect((await seen('/props?q=%20&model=a')).url).toBe('/props?q=%20&model=b')
    const body = 'q=%20&model=a'
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await seen('/completion', { method: 'POST', body, headers: form })).body).toBe('q=%20&model=b')
  })

  test('encodings are the business of client and model', async () => {
    const zipped = { method: 'POST', body: '{"model":"a"}', headers: { ...json, 'accept-encoding': 'br, zstd;q=0.1' } }
    expect((await seen('/completion', zipped)).headers).toContain('accept-encoding|br, zstd;q=0.1')
    const answer = await ask(hotseat.url, 'GET /upstream/a/x?set-content-encoding=br&set-x-late=1')
    expect(answer).toMatch(/^content-encoding: br\r$/im)
  })
})
