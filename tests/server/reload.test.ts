import { expect, test } from 'vitest'
import type { ModelId } from '../../config/config.ts'
import { parseConfig } from '../../config/load.ts'
import type { Lease } from '../../server/desk.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

/* A server in this process takes other configurations while it serves. */

const apart = (...models: string[]) =>
  `groups: {${models.map((name) => `${name}: {members: [${name}], exclusive: false}`).join(', ')}}`

/** Which process answers for the model. */
async function pidOf(hotseat: Hotseat, model: string): Promise<number> {
  const response = await hotseat.get(`/upstream/${model}/who`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { pid: number }).pid
}

/** A stream that runs: its head has come, and its lease is held. */
function stream(hotseat: Hotseat, model: string, chunks = 40): Promise<Response> {
  return hotseat.post(chat, { model, stream: true, chunks, chunkMs: 25 })
}

interface Status {
  ok: boolean
  generation: number
  outdated: object[]
  problems: { file: string; line: number; column: number; path: string; message: string; severity: string }[]
}

async function statusOf(hotseat: Hotseat): Promise<Status> {
  return (await hotseat.get('/api/config/status')).json() as Promise<Status>
}

test('a running stream of an unchanged model goes on, and so does its process, while another is changed', async () => {
  const yaml = apart('a', 'b')
  await using hotseat = await startHotseat({ a: upstream(), b: upstream('--say one') }, yaml)
  const [a, b] = [await pidOf(hotseat, 'a'), await pidOf(hotseat, 'b')]
  const running = await stream(hotseat, 'a')
  await hotseat.reload({ a: upstream(), b: upstream('--say two') }, yaml)
  expect(await pidOf(hotseat, 'b')).not.toBe(b)
  expect(await running.text()).toContain('[DONE]')
  expect(await pidOf(hotseat, 'a')).toBe(a)
  expect((await statusOf(hotseat)).generation).toBe(2)
})

test('a changed model serves what it serves to its end; who comes meanwhile is served by its new process', async () => {
  await using hotseat = await startHotseat({ a: upstream() })
  const old = await pidOf(hotseat, 'a')
  const running = await stream(hotseat, 'a')
  await hotseat.reload({ a: upstream('--say new') })
  const next = pidOf(hotseat, 'a')
  expect(await running.text()).toContain('[DONE]')
  expect(await next).not.toBe(old)
  expect(
    hotseat.running.server.logs
      .of('a' as never)
      .history()
      .toString(),
  ).toBe('new\n')
})

test('who comes in the very turn in which a model is removed is granted it as it was', async () => {
  let granted: Promise<Lease> | undefined
  const source = {
    name: 'other.yaml',
    digest: async () => '',
    // What is read is put in force within the same turn of the event loop.
    load() {
      const { desk } = hotseat.running.server
      granted = desk.acquire('a' as ModelId, { signal: AbortSignal.timeout(10_000) }).lease
      return parseConfig(`models: {b: {cmd: '${upstream()}'}}`, 'other.yaml')
    },
  }
  await using hotseat = await startHotseat({ a: { cmd: upstream(), description: 'before' } }, '', { source })
  await pidOf(hotseat, 'a')
  await hotseat.running.server.reloader.reload()
  using lease = await granted!
  expect(lease.model.description).toBe('before')
  expect([...hotseat.running.server.config.models.keys()]).toEqual(['b'])
})

test('responses that outlast reloadDrain are cut so that it shows, and the model is served by its new process', async () => {
  await using hotseat = await startHotseat({ a: upstream() })
  const running = await stream(hotseat, 'a', 10_000)
  await hotseat.reload({ a: upstream('--say new') }, 'reloadDrain: 0')
  await expect(running.text()).rejects.toThrow()
  await pidOf(hotseat, 'a')
})

test('aliases, limits and names change in place', async () => {
  await using hotseat = await startHotseat({ a: { cmd: upstream(), aliases: ['gpt'] } })
  const pid = await pidOf(hotseat, 'gpt')
  await hotseat.reload({ a: { cmd: upstream(), aliases: ['claude'], name: 'The A', concurrencyLimit: 1 } })
  expect(await pidOf(hotseat, 'claude')).toBe(pid)
  expect((await hotseat.get('/upstream/gpt/who')).status).toBe(404)
  const running = await stream(hotseat, 'a')
  expect((await readError(await hotseat.post(chat, { model: 'a' }))).code).toBe('concurrency_limit')
  await running.body?.cancel()
})

test('who waits for a model that is removed is told, and asks in vain afterwards', async () => {
  await using hotseat = await startHotseat({ a: upstream(), b: upstream() })
  const running = await stream(hotseat, 'a')
  const waiting = hotseat.post(chat, { model: 'b' })
  await until('the request is in the queue', () => hotseat.running.server.system.ledger().queue.length === 1)
  await hotseat.reload({ a: upstream() })
  const told = await waiting
  expect([told.status, (await readError(told)).code]).toEqual([404, 'removed'])
  expect((await readError(await hotseat.post(chat, { model: 'b' }))).code).toBe('not_found')
  expect(await running.text()).toContain('[DONE]')
})

test('a removed model serves what it serves to its end, and then nothing is left of it', async () => {
  await using hotseat = await startHotseat({ a: upstream(), b: upstream() })
  const running = await stream(hotseat, 'a')
  await hotseat.reload({ b: upstream() })
  expect((await statusOf(hotseat)).outdated).toEqual([{ model: 'a', state: 'ready', responses: 1 }])
  const next = hotseat.post(chat, { model: 'b' })
  expect(await running.text()).toContain('[DONE]')
  expect((await next).status).toBe(200)
  expect((await statusOf(hotseat)).outdated).toEqual([])
  expect(hotseat.stateOf('a')).toBe('unknown')
})

test('a model that comes before others shifts their ports, and no process starts on one that is still held', async () => {
  const yaml = 'groups: {all: {swap: false, members: [b, c]}}'
  await using hotseat = await startHotseat({ b: upstream(), c: upstream() }, yaml)
  await pidOf(hotseat, 'c')
  const running = await stream(hotseat, 'b')
  await hotseat.reload({ a: upstream(), b: upstream(), c: upstream() }, yaml.replace('b, c', 'a, b, c'))
  const all = Promise.all(['a', 'b', 'c'].map((model) => pidOf(hotseat, model)))
  expect(await running.text()).toContain('[DONE]')
  expect(new Set(await all).size).toBe(3)
  const ports = [...hotseat.running.server.config.models.values()].map(({ port }) => port)
  expect(new Set(ports).size).toBe(3)
})

test('who waits over a reload is sent to where the model listens then', async () => {
  await using hotseat = await startHotseat({ b: upstream(), c: upstream() })
  const running = await stream(hotseat, 'b')
  const waiting = hotseat.get('/upstream/c/who')
  await until('the request is in the queue', () => hotseat.running.server.system.ledger().queue.length === 1)
  await hotseat.reload({ a: upstream(), b: upstream(), c: upstream() })
  expect(await running.text()).toContain('[DONE]')
  expect((await waiting).status).toBe(200)
})

test('a broken file leaves everything running, and is reported with its place', async () => {
  await using hotseat = await startHotseat({ a: upstream() })
  const pid = await pidOf(hotseat, 'a')
  await hotseat.reload('models:\n  a:\n    cmd: [not, a, command]\n    unlisted: maybe\n')
  const status = await statusOf(hotseat)
  expect(status).toMatchObject({ source: 'test.yaml', ok: false, generation: 1 })
  expect(status.problems).toContainEqual({
    file: 'test.yaml',
    line: 4,
    column: 5,
    path: 'models.a.unlisted',
    message: 'expected true or false, and this is `maybe`',
    severity: 'error',
  })
  const log = await (await hotseat.get('/logs/stream/proxy', { signal: AbortSignal.timeout(5_000) }))
    .body!.getReader()
    .read()
  expect(Buffer.from(log.value!).toString()).toContain('test.yaml:4:5  models.a.unlisted: expected true or false')
  expect(await pidOf(hotseat, 'a')).toBe(pid)

  await hotseat.reload({ a: upstream('--say mended') })
  expect(await statusOf(hotseat)).toMatchObject({ ok: true, generation: 2, problems: [] })
  expect(await pidOf(hotseat, 'a')).not.toBe(pid)
})

test('a file that means the same changes nothing, however it is written', async () => {
  await using hotseat = await startHotseat({ a: upstream() })
  const pid = await pidOf(hotseat, 'a')
  await hotseat.reload({ a: { unlisted: false, cmd: upstream() } }, '# a comment')
  expect((await statusOf(hotseat)).generation).toBe(1)
  expect(await pidOf(hotseat, 'a')).toBe(pid)
})

test('models are preloaded in order at the start; after a reload, those that are new or changed', async () => {
  const yaml = (...models: string[]) => `hooks: {on_startup: {preload: [${models}]}}\n${apart('a', 'b', 'c')}`
  await using hotseat = await startHotseat({ a: upstream(), b: upstream(), c: upstream() }, yaml('b', 'a'))
  const preloaded = () => {
    const log = hotseat.running.server.logs.proxy.history().toString()
    return [...log.matchAll(/Preloaded (\w)/g)].map(([, model]) => model).join()
  }
  await until('they are loaded', () => preloaded() === 'b,a')
  expect(['a', 'b', 'c'].map(hotseat.stateOf)).toEqual(['ready', 'ready', 'stopped'])
  await hotseat.reload({ a: upstream(), b: upstream('--say other'), c: upstream() }, yaml('a', 'b', 'c'))
  await until('what is changed is loaded', () => preloaded() === 'b,a,b')
  await hotseat.reload({ a: upstream(), b: upstream('--exit-code 3'), c: upstream('--say other') }, yaml('b', 'c'))
  await until('one that fails does not keep the next', () => preloaded() === 'b,a,b,c')
  expect(hotseat.running.server.logs.proxy.history().toString()).toContain(
    'Could not preload b: Model "b" did not start',
  )
})

test('a reload that a shutdown overtakes changes nothing', async () => {
  const hotseat = await startHotseat({ a: upstream() })
  await pidOf(hotseat, 'a')
  const reloading = hotseat.reload({ a: upstream('--say new'), b: upstream() })
  const stopping = hotseat[Symbol.asyncDispose]()
  await Promise.all([reloading, stopping])
  expect([...hotseat.running.server.config.models.keys()]).toEqual(['a'])
})
