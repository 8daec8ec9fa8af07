import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { replayFile } from '../../server/trace/replay-file.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
afterAll(() => rmSync(folder, { recursive: true }))

function record(name: string): { path: string; yaml: string } {
  const path = join(folder, name)
  return { path, yaml: `record: {path: ${JSON.stringify(path)}, gzip: ${name.endsWith('.gz')}}\n` }
}

async function save(name: string, response: Promise<Response>): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, await (await response).text())
  return path
}

/** Sixty clients over three models on one seat: answered, streamed, leaving early, cut off by an unload or by a death. */
async function load(hotseat: Hotseat): Promise<void> {
  const clients = Array.from({ length: 60 }, async (_, index) => {
    const model = 'abc'[index % 3]
    const leaving = new AbortController()
    if (index % 7 === 0) setTimeout(() => leaving.abort(), index * 10)
    const body = { model, stream: index % 2 === 0, chunks: 5, chunkMs: 2, dieAfter: index === 20 ? 2 : -1 }
    const response = await hotseat.post(chat, body, { signal: leaving.signal })
    await response.text()
  })
  const ends = Promise.allSettled(clients)
  await until('somebody is served', () => 'abc'.split('').some((model) => hotseat.leasesOf(model) > 0))
  await hotseat.post('/api/models/unload/a', {})
  await ends
}

const models = { a: upstream(), b: upstream(), c: upstream('--load-ms 50'), bad: upstream('--exit-code 3') }
const limits = 'routing: {scheduler: {settings: {fifo: {maxWait: 1}}}}\n'

test('what a server under load recorded, remembers and streamed happens again in a replay', {
  timeout: 60_000,
}, async () => {
  const { path, yaml } = record('load.jsonl')
  const paths = [path]
  let streamed: Promise<string> | undefined
  {
    await using hotseat = await startHotseat(models, yaml + limits)
    await load(hotseat)
    streamed = save('streamed.jsonl', hotseat.get('/api/trace/stream'))
    await hotseat.post(chat, { model: 'bad' })
    await hotseat.reload({ ...models, d: upstream(), c: upstream('--load-ms 60') }, yaml + limits)
    await load(hotseat)
    await hotseat.post(chat, { model: 'd' })
    paths.push(await save('remembered.jsonl', hotseat.get('/api/trace')))
  }
  paths.push((await streamed) ?? '')
  for (const path of paths) {
    const { difference, isCut, lines, dropped } = await replayFile(path)
    expect({ path, difference, isCut, dropped }).toEqual({ path, difference: undefined, isCut: false, dropped: 0 })
    expect(lines).toBeGreaterThan(150)
  }
  const text = readFileSync(path, 'utf8')
  for (const type of [
    'swap.start',
    'request.cancel',
    'unload.done',
    'config.changed',
    'grant.error',
    'shutdown.done',
  ]) {
    expect(text).toContain(`{"type":"${type}"`)
  }
})

test('nothing that a client sends, and nothing of an environment or a command, is in any trace', async () => {
  const secrets = ['sk-header', 'sk-body', 'sk-query', 'sk-env', 'sk-word', 'sk-cookie', 'sk-path']
  const { path, yaml } = record('secrets.jsonl')
  const model = { cmd: upstream('--say sk-word'), env: ['API_KEY=sk-env'] }
  const texts: (Promise<string> | string)[] = []
  {
    await using hotseat = await startHotseat({ a: model, b: model }, yaml)
    texts.push(hotseat.get('/api/trace/stream').then((response) => response.text()))
    for (const name of ['a', 'b', 'nobody-sk-body']) {
      const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer sk-header', Cookie: 'sk-cookie' }
      const body = { model: name, messages: [{ role: 'user', content: 'sk-body' }] }
      await (await hotseat.post(`${chat}?key=sk-query`, body, { headers })).text()
      await (await hotseat.get(`/upstream/${name}/sk-path`, { headers })).text()
    }
    texts.push(await (await hotseat.get('/api/trace')).text())
  }
  for (const text of [readFileSync(path, 'utf8'), ...(await Promise.all(texts))]) {
    expect(text).toContain('"type":"grant.serve"')
    for (const secret of secrets) expect(text).not.toContain(secret)
  }
})

test('a recording that is compressed is read like any other, whatever it is called', async () => {
  const { path, yaml } = record('small.gz')
  {
    await using hotseat = await startHotseat({ a: upstream() }, yaml)
    await hotseat.post(chat, { model: 'a' })
  }
  expect([...readFileSync(path).subarray(0, 2)]).toEqual([0x1f, 0x8b])
  expect(await replayFile(path)).toMatchObject({ difference: undefined, isCut: false })
})

test('a recording never overwrites another: the earlier one is put aside', async () => {
  const { path, yaml } = record('again.jsonl')
  writeFileSync(path, 'the first\n')
  writeFileSync(join(folder, 'again.1.jsonl'), 'even before\n')
  {
    await using _hotseat = await startHotseat({ a: upstream() }, yaml)
  }
  expect(readFileSync(join(folder, 'again.2.jsonl'), 'utf8')).toBe('the first\n')
  expect(readFileSync(path, 'utf8')).toContain('"type":"trace"')
})

test('a recording that cannot be written keeps the server from starting, and says why', async () => {
  const yaml = `record: {path: ${JSON.stringify(join(folder, 'no', 'such', 'folder'))}}\n`
  await expect(startHotseat({ a: upstream() }, yaml)).rejects.toThrow(/the trace cannot be recorded to .*ENOENT/)
})

test('the last lines can be had alone, and say how many are missing before them', async () => {
  await using hotseat = await startHotseat({ a: upstream() })
  for (let request = 0; request < 3; request++) await hotseat.post(chat, { model: 'a' })
  await until('the last lease is given back', () => hotseat.leasesOf('a') === 0)
  const text = await (await hotseat.get('/api/trace?last=2')).text()
  const types = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type)
  expect(types).toEqual(['trace', 'dropped', 'grant.serve', 'serve.done'])
  const path = await save('last.jsonl', hotseat.get('/api/trace?last=2'))
  await expect(replayFile(path)).rejects.toThrow(/last.jsonl, line 3: \d+ lines are missing before this one/)
  expect((await hotseat.get('/api/trace?last=many')).status).toBe(400)
})

test('an actor that fails tells whoever waits, and leaves the trace of it in a file, which ends as it ended', async () => {
  const errors: unknown[] = []
  const models = { a: upstream(), slow: upstream('--load-ms 60000') }
  await using hotseat = await startHotseat(models, '', { onFatal: (error) => errors.push(error) })
  await hotseat.post(chat, { model: 'a' })
  const waiting = hotseat.post(chat, { model: 'slow' })
  const { system, logs } = hotseat.running.server
  await until('a model that loads', () => hotseat.stateOf('slow') === 'starting')
  system.send({ type: 'no such event', at: 0 } as never)
  expect(String(errors[0])).toContain('nobody handles')
  expect((await waiting).status).toBe(500)
  const said = logs.proxy.history().toString()
  const path = /an actor failed: the last events are in (\S+\.jsonl)/.exec(said)?.[1] ?? ''
  const text = readFileSync(path, 'utf8')
  rmSync(path)
  expect(text).toContain('{"type":"failed","error":"Error: router: nobody handles')
})
