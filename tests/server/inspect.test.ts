import { request } from 'node:http'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import type { ActorFrame, SnapshotFrame } from '../../machines/inspect/frames.ts'
import { swapMachine } from '../../machines/swap.ts'
import { Inspector, mostViewers } from '../../server/inspect/inspector.ts'
import { Viewer } from '../../server/inspect/viewer.ts'
import { chat, type Hotseat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'
import { watch } from '../support/viewer.ts'

const inspect = { inspect: true }

async function ask(hotseat: Hotseat, model: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await (await hotseat.post(chat, { model })).text()
}

/** A request as no browser lets a page make it. */
async function statusOf(hotseat: Hotseat, path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const sent = request(hotseat.url + path, { headers }, (response) => {
    resolve(response.statusCode ?? 0)
    response.destroy()
  })
  sent.on('error', reject).end()
  return promise
}

test('without --inspect there is nothing to see, and it is said how to see it', async () => {
  await using hotseat = await startHotseat({ poet: upstream() })
  for (const path of ['/inspect', '/inspect/stately', '/inspect/events', '/inspect/files/ui/inspect/main.js']) {
    const response = await hotseat.get(path)
    expect([path, response.status]).toEqual([path, 404])
    expect((await readError(response)).message).toContain('--inspect')
  }
})

test('who comes late is told first who is there and in which state', async () => {
  await using hotseat = await startHotseat({ poet: upstream(), pirate: upstream() }, '', inspect)
  await ask(hotseat, 'poet', 20)
  await using watcher = await watch(hotseat.url)
  await until('all of them are told', () => watcher.frames.length >= (watcher.beginnings[0] ?? 0))
  const actors = watcher.frames.slice(0, watcher.beginnings[0]) as ActorFrame[]
  expect(actors.map(({ type, sessionId, parentId, snapshot }) => [type, sessionId, parentId, snapshot.value])).toEqual([
    ['@xstate.actor', 'router', undefined, {}],
    ['@xstate.actor', 'scheduler', 'router', 'open'],
    ['@xstate.actor', 'process.pirate', 'router', 'stopped'],
    ['@xstate.actor', 'process.poet', 'router', { alive: { ready: 'kept' } }],
    ['@xstate.actor', 'child.poet', 'process.poet', undefined],
  ])
  const machine = JSON.parse(actors.at(-2)!.definition)
  expect(Object.keys(machine.states.alive.states)).toEqual(['starting', 'ready', 'stopping', 'stuck'])
})

test('a swap is told step by step, and its actors come and go', async () => {
  await using hotseat = await startHotseat({ poet: upstream(), pirate: upstream() }, '', inspect)
  await ask(hotseat, 'poet')
  await using watcher = await watch(hotseat.url)
  await ask(hotseat, 'pirate')
  await watcher.hears('serve.done')
  const states = (id: string) => {
    const snapshots = watcher.frames.filter((frame): frame is SnapshotFrame => frame.type === '@xstate.snapshot')
    const values = snapshots.filter(({ sessionId }) => sessionId === id).map(({ snapshot }) => snapshot.value)
    // What it remembers may have changed in between.
    return values.filter((value, index) => JSON.stringify(value) !== JSON.stringify(values[index - 1]))
  }
  expect(states('process.poet')).toEqual([{ alive: 'stopping' }, 'stopped'])
  expect(states('process.pirate')).toEqual([{ alive: 'starting' }, { alive: { ready: 'kept' } }])
  expect(states('swap.pirate')).toEqual(['clearing', 'loading', 'done'])
  const last = watcher.frames.findLast(({ sessionId, type }) => sessionId === 'swap.pirate' && type !== '@xstate.event')
  expect(last).toMatchObject({ snapshot: { status: 'stopped' } })
})

test('a steady load is sampled: each event is told or counted, and the ledger is told as it is in the end', async () => {
  await using hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  await ask(hotseat, 'poet')
  await using watcher = await watch(hotseat.url)
  const requests = 300
  await Promise.all(Array.from({ length: 6 }, () => ask(hotseat, 'poet', requests / 6)))
  const events = () => watcher.frames.filter(({ type }) => type === '@xstate.event').length
  // Five for each: request and serve.done pass the router and the scheduler, grant.serve the router.
  await until('all are told or counted', () => events() + watcher.skipped === 5 * requests)
  expect(watcher.skipped).toBeGreaterThan(events())
  const ledgers = watcher.frames.filter(
    ({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === 'scheduler',
  )
  expect(ledgers.length).toBeLessThan(requests / 3)
  const { context } = (ledgers.at(-1) as SnapshotFrame).snapshot as {
    context: { ledger: { models: { leases: unknown[] }[] } }
  }
  expect(context.ledger.models[0]?.leases).toEqual([])
})

test('no command, environment, key or output leaves, whatever happens', async () => {
  const secrets = ['SECRET-ARGUMENT', 'SECRET-ENV', 'SECRET-KEY', 'SECRET-OUTPUT', 'SECRET-PROMPT']
  const models = {
    poet: {
      cmd: upstream('--say SECRET-ARGUMENT'),
      env: ['TOKEN=SECRET-ENV'],
      filters: { setParams: { user: 'SECRET-KEY' } },
    },
    broken: { cmd: upstream('--say SECRET-OUTPUT --exit-code 3') },
  }
  await using hotseat = await startHotseat(models, '', inspect)
  await using watcher = await watch(hotseat.url)
  const ask = (model: string) =>
    hotseat.post(
      chat,
      { model, messages: [{ role: 'user', content: 'SECRET-PROMPT' }] },
      {
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer SECRET-KEY' },
      },
    )
  await (await ask('poet')).text()
  await (await ask('broken')).text()
  await hotseat.reload({ ...models, poet: { ...models.poet, ttl: 5 } })
  await watcher.hears('config.changed')
  await hotseat.get('/unload')
  await watcher.hears('unload')
  for (const secret of secrets) expect(watcher.text).not.toContain(secret)
  expect(watcher.text).not.toContain('fingerprint')
})

test('a process that a reload adds is told of, and one that it takes away leaves', async () => {
  await using hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  await using watcher = await watch(hotseat.url)
  await hotseat.reload({ pirate: upstream() })
  await until('the new one is there', () =>
    watcher.frames.some(({ type, sessionId }) => type === '@xstate.actor' && sessionId === 'process.pirate'),
  )
  await until('the old one has left', () =>
    watcher.frames.some(
      (frame) => frame.sessionId === 'process.poet' && 'snapshot' in frame && frame.snapshot.status === 'stopped',
    ),
  )
})

test('only this machine, by its own name, and only the page itself may watch', async () => {
  await using hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  const { host, port } = new URL(hotseat.url)
  const events = '/inspect/events'
  const allowed: [string, Record<string, string>][] = [
    [events, {}],
    [events, { host: `localhost:${port}` }],
    [events, { host: `[::1]:${port}` }],
    [events, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }],
    ['/inspect', { 'sec-fetch-site': 'cross-site' }],
  ]
  const refused: [string, Record<string, string>][] = [
    [events, { origin: 'https://evil.example' }],
    [events, { origin: 'null' }],
    [events, { origin: `http://localhost:1` }],
    [events, { 'sec-fetch-site': 'cross-site' }],
    [events, { 'sec-fetch-site': 'same-site' }],
    [events, { host: `evil.example:${port}` }],
    ['/inspect', { host: 'evil.example' }],
    ['/inspect', { host: 'localhost.evil.example' }],
    ['/inspect', { 'x-forwarded-for': '10.0.0.1' }],
    ['/inspect', { forwarded: 'for=10.0.0.1' }],
  ]
  for (const [path, headers] of allowed)
    expect([path, headers, await statusOf(hotseat, path, headers)]).toEqual([path, headers, 200])
  for (const [path, headers] of refused)
    expect([path, headers, await statusOf(hotseat, path, headers)]).toEqual([path, headers, 403])
})

test('with keys, whoever may see everything may watch, from everywhere, and nobody else', async () => {
  const keys = [
    { key: 'watcher', allow: ['ui'] },
    { key: 'client', allow: ['inference'] },
    { key: 'guest', allow: ['ui'], models: ['poet'] },
  ]
  const config = `apiKeys: ${JSON.stringify(keys)}`
  await using hotseat = await startHotseat({ poet: upstream() }, config, inspect)
  const statuses = async (path: string, headers: Record<string, string>) =>
    Promise.all(
      ['watcher', 'client', 'guest', 'stranger'].map((key) =>
        statusOf(hotseat, path, { ...headers, authorization: `Bearer ${key}` }),
      ),
    )
  for (const path of ['/inspect', '/inspect/events', '/inspect/files/ui/inspect/main.js']) {
    expect([path, await statusOf(hotseat, path, {})]).toEqual([path, 401])
    expect([path, await statuses(path, { host: 'gpu-box:8080' })]).toEqual([path, [200, 403, 403, 401]])
  }
  expect(await statuses('/inspect/events', { origin: 'https://evil.example' })).toEqual([403, 403, 403, 401])
})

test('the pages may load nothing from elsewhere, be framed by nobody, and reach no other file', async () => {
  await using hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  const page = await hotseat.get('/inspect')
  const policy = page.headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(await page.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
  expect((await hotseat.get('/inspect/stately')).headers.get('content-security-policy')).toContain(
    'frame-src https://stately.ai;',
  )
  for (const path of [
    'ui/inspect/main.js',
    'machines/process.ts',
    'ui/inspect/style.css',
    'lib/xstate/xstate.esm.js',
  ]) {
    expect([path, (await hotseat.get(`/inspect/files/${path}`)).status]).toEqual([path, 200])
  }
  for (const path of [
    'package.json',
    'server/start.ts',
    'ui/inspect/..%2f..%2fpackage.json',
    'machines/..%2fserver%2fstart.ts',
    'lib/xstate/..%2fpackage.json',
    'lib/undici/index.js',
    'ui/inspect/nothing.js',
  ]) {
    expect([path, (await hotseat.get(`/inspect/files/${path}`)).status]).toEqual([path, 404])
  }
})

test('there are only so many viewers, and one that leaves makes room', async () => {
  await using hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  const watchers = await Promise.all(Array.from({ length: mostViewers }, () => watch(hotseat.url)))
  const refused = await hotseat.get('/inspect/events')
  expect(refused.status).toBe(503)
  expect((await readError(refused)).message).toContain('close one')
  await watchers.pop()![Symbol.asyncDispose]()
  await until('there is room', async () => {
    const answer = await statusOf(hotseat, '/inspect/events', {})
    return answer === 200
  })
  for (const watcher of watchers) await watcher[Symbol.asyncDispose]()
})

test('a viewer that does not take what it is told misses it, and is told anew how everything is', async () => {
  const stream = new PassThrough()
  const viewer = new Viewer(stream)
  viewer.onReady = () => viewer.begin(['"anew"'])
  viewer.begin(['"first"'])
  const frame = JSON.stringify('x'.repeat(1_000))
  for (let i = 0; i < 5_000; i++) viewer.tell([frame], 0)
  expect(stream.writableLength).toBeLessThan(1.1 * 1024 * 1024)
  const came = text(stream)
  await until('it is told anew', () => stream.writableLength === 0)
  viewer.tell(['"later"'], 0)
  viewer.end()
  const told = await came
  expect(told.split('event:begin\n')).toHaveLength(3)
  expect(told).toMatch(/\ndata:"anew"\n\nevent:message\ndata:"later"\n\n$/)
})

test('a viewer whose beginning alone is long is told it once', async () => {
  const stream = new PassThrough()
  const viewer = new Viewer(stream)
  viewer.onReady = () => viewer.begin(['"anew"'])
  viewer.begin([JSON.stringify('x'.repeat(3 * 1024 * 1024))])
  viewer.tell(['"later"'], 0)
  viewer.end()
  expect((await text(stream)).split('event:begin\n')).toHaveLength(2)
})

test('an inspector that fails is reported, and the actors go on', () => {
  const faults: unknown[] = []
  const input = { swap: 1, target: 'poet', clear: [], keep: 1, at: 0 } as never
  const actor = createActor(swapMachine, { id: 'router', input })
  let isBroken = false
  const now = () => {
    if (isBroken) throw new Error('no time')
    return 0
  }
  new Inspector(actor, { now, onFault: (fault) => faults.push(fault) }).show(new Viewer(new PassThrough()))
  isBroken = true
  actor.subscribe({ error: () => {} })
  actor.start()
  actor.send({ type: 'swap.abort', at: 1 })
  expect(faults).toContainEqual(new Error('no time'))
  expect(actor.getSnapshot().value).toBe('done')
})

test('hotseat ends while pages watch', async () => {
  const hotseat = await startHotseat({ poet: upstream() }, '', inspect)
  await using watcher = await watch(hotseat.url)
  await hotseat[Symbol.asyncDispose]()
  expect(watcher.beginnings).toHaveLength(1)
})
