import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { anyone } from '../../server/auth/caller.ts'
import { EventClient } from '../../server/events/client.ts'
import { LogSource } from '../../server/events/log-source.ts'
import { SnapshotSource } from '../../server/events/snapshot-source.ts'
import type { Step } from '../../server/events/source.ts'
import { Changes } from '../../server/inflight/changes.ts'
import { Log } from '../../server/logs/log.ts'
import { listen } from '../support/events.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'
import { open } from '../support/raw.ts'
import { until } from '../support/until.ts'

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      a: { cmd: upstream('--say grüße'), name: ' A ', aliases: ['gpt'], capabilities: { in: ['image'], context: 9 } },
      b: { cmd: upstream(), unlisted: true },
    },
    `
logToStdout: none
ui: {activity: {session_id: [X-Mine]}}
peers: {far: {proxy: 'http://127.0.0.1:9', models: [x]}}
profiles: {night: {pins: {a: b}}}
`,
  )
})

afterAll(async () => {
  await hotseat[Symbol.asyncDispose]()
})

const select = (name: string | null) =>
  fetch(`${hotseat.url}/api/profiles/active`, { method: 'PUT', body: JSON.stringify({ name }) })

describe('the stream of events (server §21)', () => {
  test('has its head at once and begins with everything that there is, in this order', async () => {
    await hotseat.get('/health')
    await using events = await listen(hotseat)
    const { headers } = events.response
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['text/event-stream', 'no-cache'])
    expect([headers.get('x-accel-buffering'), headers.get('x-content-type-options')]).toEqual(['no', 'nosniff'])
    await events.find('the snapshot', ({ type }) => type === 'inflight')
    expect(events.all().map(({ type, data }) => [type, data.source])).toEqual([
      ['logData', 'proxy'],
      ['logData', 'upstream'],
      ['modelStatus', undefined],
      ['uiConfig', undefined],
      ['profileChanged', undefined],
      ['inflight', undefined],
    ])
    expect(events.all('logData')[0]?.data.data).toContain('"GET /health HTTP/1.1" 200 2 ')
    expect(events.all('uiConfig')[0]?.data).toEqual({ activity: { session_id: ['X-Mine'] } })
    expect(events.all('profileChanged')[0]?.data).toEqual({ active: null })
    expect(events.text()).toMatch(/^event:message\ndata:\{"type":"logData","data":"/)
  })

  test('tells all models, unlisted ones and those of peers too', async () => {
    await using events = await listen(hotseat)
    const { data } = await events.find('the models', ({ type }) => type === 'modelStatus')
    expect(data).toEqual([
      {
        id: 'a',
        name: ' A ',
        description: '',
        state: 'stopped',
        unlisted: false,
        peerID: '',
        aliases: ['gpt'],
        capabilities: { vision: true },
        context_length: 9,
      },
      { id: 'b', name: '', description: '', state: 'stopped', unlisted: true, peerID: '' },
      { id: 'far/x', name: '', description: '', state: '', unlisted: false, peerID: 'far' },
    ])
  })

  test('tells a load: the state of the model, its output and what hotseat says', async () => {
    await using events = await listen(hotseat)
    await hotseat.post(chat, { model: 'a' })
    await events.find('it is ready', ({ type, data }) => type === 'modelStatus' && data[0].state === 'ready')
    await events.find('its output', ({ data }) => data.source === 'upstream' && data.data.includes('grüße'))
    await events.find('the swap', ({ data }) => data.source === 'proxy' && data.data.includes('loading a'))
    await hotseat.post('/api/models/unload', '')
    await until('it is stopped', () => events.all('modelStatus').at(-1)?.data[0].state === 'stopped')
    // Debounced: at most one for each of starting, ready, stopping and stopped, beside the first.
    expect(events.all('modelStatus').length).toBeLessThanOrEqual(5)
  })

  test('tells a change of the profile, then the models; choosing it again is no change', async () => {
    await using events = await listen(hotseat)
    await events.find('the snapshot', ({ type }) => type === 'inflight')
    const before = events.all().length
    await select('night')
    await select('night')
    await until('it is told', () => events.all('profileChanged').length === 2)
    await until('the models follow', () => events.all('modelStatus').length === 2)
    const news = events.all().slice(before)
    expect(news.map(({ type }) => type).filter((type) => type !== 'logData' && type !== 'inflight')).toEqual([
      'profileChanged',
      'modelStatus',
    ])
    expect(events.all('profileChanged')[1]?.data).toEqual({ active: 'night' })
    await select(null)
    await until('none is told', () => events.all('profileChanged').at(-1)?.data.active === null)
  })

  test('goes on over a reload, which it tells; the profile stays active as long as there is one of its name', async () => {
    const models = { a: upstream() }
    const night = 'profiles: {night: {pins: {x: a}}}\n'
    await using changing = await startHotseat(models, night)
    await fetch(`${changing.url}/api/profiles/active`, { method: 'PUT', body: '{"name":"night"}' })
    await using events = await listen(changing)
    await events.find('the profile', ({ type, data }) => type === 'profileChanged' && data.active === 'night')

    await changing.reload({ ...models, b: upstream() }, `${night}ui: {activity: {session_id: [X-Other]}}\n`)
    await events.find('the new model', ({ type, data }) => type === 'modelStatus' && data.length === 2)
    await events.find('the new header', ({ data }) => data.activity?.session_id[0] === 'X-Other')
    expect(events.all('profileChanged').at(-1)?.data).toEqual({ active: 'night' })

    await changing.reload(models)
    await until('none is told', () => events.all('profileChanged').at(-1)?.data.active === null)
    await changing.reload(models, night)
    expect(await (await changing.get('/api/profiles')).json()).toMatchObject({ active: null })
  })

  test('one that does not read holds nobody up, and gets what counts once it reads', async () => {
    await using loud = await startHotseat({ a: upstream('--stderr-mb 20') })
    const socket = await open(loud.url)
    socket.pause()
    socket.write('GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n')
    await until('it is there', () => loud.running.server.inflight.changes.count === 0)
    for (let i = 0; i < 3; i++) expect((await loud.post(chat, { model: 'a' })).status).toBe(200)
    await loud.post('/api/models/unload', '')

    let seen = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk))
    socket.resume()
    await until('the last state', () => /.*\\"id\\":\\"a\\".*\\"state\\":\\"stopped\\"/s.test(seen.slice(-200_000)))
    expect(seen.length).toBeLessThan(5 * 2 ** 20)
    expect(seen).toContain('bytes dropped')
    socket.destroy()
  })

  test('says something every 15 seconds, so that no proxy closes it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      await using quiet = await startHotseat({ a: upstream() })
      await using events = await listen(quiet)
      await events.find('the snapshot', ({ type }) => type === 'inflight')
      expect(events.text()).not.toMatch(/^:/m)
      vi.advanceTimersByTime(15_000)
      await until('a comment', () => /^: still here\n\n/m.test(events.text()))
    } finally {
      vi.useRealTimers()
    }
  })

  test('ends when the server does', async () => {
    const other = await startHotseat({ a: upstream() })
    const [events, log] = [await other.get('/api/events'), await other.get('/logs/stream')]
    const stopping = other[Symbol.asyncDispose]()
    await Promise.all([events.text(), log.text()])
    await stopping
  })
})

test('a client that has not taken what it was given is given no more until it has, and then what counts', () => {
  const written: string[] = []
  const outgoing = { writableNeedDrain: false, write: (frame: string) => written.push(frame) }
  const status = new SnapshotSource('modelStatus', () => ++rendered)
  let rendered = 0
  const client = new EventClient({ outgoing, caller: anyone } as never, [status], [status])
  client.tell()
  outgoing.writableNeedDrain = true
  for (let i = 0; i < 10; i++) {
    status.touch()
    client.tell()
    client.keepAlive()
  }
  expect(written).toHaveLength(1)
  outgoing.writableNeedDrain = false
  client.tell()
  client.tell()
  expect(written).toEqual([expect.stringContaining('"1"'), expect.stringContaining('"2"')])
})

describe('a log as events', () => {
  const dataOf = (step: Step | null) => {
    const [, line = ''] = step!.frames.split('\n')
    return (JSON.parse(JSON.parse(line.slice('data:'.length)).data) as { data: string }).data
  }

  test('never cuts a character, however its bytes come', () => {
    const log = new Log()
    const source = new LogSource('proxy', log)
    const bytes = Buffer.from('aé€😀z')
    let seen = source.next(null, anyone)!.seen
    let text = ''
    for (const byte of bytes) {
      log.append(Buffer.from([byte]))
      const step = source.next(seen, anyone)
      if (!step) continue
      text += dataOf(step)
      seen = step.seen
    }
    expect(text).toBe('aé€😀z')
  })

  test('is empty at first when there is nothing, and then silent until there is', () => {
    const log = new Log()
    const source = new LogSource('upstream', log)
    const first = source.next(null, anyone)
    expect([dataOf(first), source.next(first!.seen, anyone)]).toEqual(['', null])
  })

  test('says how much a reader has missed', () => {
    const log = new Log()
    const source = new LogSource('proxy', log)
    const { seen } = source.next(null, anyone)!
    log.append(Buffer.alloc(100 * 1024 + 7, 'x'))
    expect(dataOf(source.next(seen, anyone))).toMatch(/^— 7 bytes dropped —\nx+$/)
  })
})

describe('changes to a collection', () => {
  test('an upsert that a later one makes old news is left out, and a removal never', () => {
    const changes = new Changes<string>()
    changes.watch(() => {})
    changes.upsert('a')
    changes.upsert('b')
    changes.upsert('a')
    changes.remove('a')
    expect(changes.after(0)?.map(({ type, item }) => `${type} ${item}`)).toEqual(['upsert b', 'upsert a', 'remove a'])
    expect(changes.after(3)).toHaveLength(1)
    expect(changes.after(4)).toEqual([])
  })

  test('who falls more than 128 behind, or comes from before anyone watched, has to start over', () => {
    const changes = new Changes<number>()
    changes.upsert(0)
    const leave = changes.watch(() => {})
    expect(changes.after(0)).toBeUndefined()
    for (let i = 0; i < 128; i++) changes.upsert(i)
    expect(changes.after(1)).toHaveLength(128)
    changes.upsert(128)
    expect(changes.after(1)).toBeUndefined()
    leave()
    expect(changes.after(100)).toBeUndefined()
  })
})
