import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Line } from '../../machines/trace/frame.ts'
import { Feed, textOf } from '../../server/trace/feed.ts'
import { FlightRecorder } from '../../server/trace/flight.ts'
import { Recorder } from '../../server/trace/recorder.ts'
import { replayFile } from '../../server/trace/replay-file.ts'
import { id, settings } from '../support/settings.ts'
import { replay } from '../support/trace.ts'
import { until } from '../support/until.ts'
import { World } from '../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [a, b] = [id('a'), id('b')]

/** A world whose last lines a flight recorder remembers. */
function remembered(options: { capacity?: number; interval?: number } = {}) {
  const world = new World(settings('ab', { all: { ttlMs: 60_000 } }))
  const flight = new FlightRecorder({
    settings: world.settings,
    version: '0.0.0',
    now: () => world.clock.now(),
    ...options,
  })
  flight.watch(world.engine)
  world.engine.attend(flight)
  return { world, flight }
}

/** Both models have their turn: about 22 lines. */
function turn(world: World): void {
  for (const model of [a, b]) {
    const client = world.request(model)
    for (const other of [a, b]) world.obey(other)
    world.ready(model)
    world.clock.advance(1_000)
    world.release(client)
  }
}

function read(flight: FlightRecorder): readonly Line[] {
  return [...flight.history()].flat()
}

test('the flight recorder forgets the oldest lines, and what it remembers can be replayed from its beginning', () => {
  const { world, flight } = remembered({ capacity: 100, interval: 10 })
  for (let round = 0; round < 60; round++) {
    turn(world)
    const lines = read(flight)
    const remembered = lines.filter(({ type }) => type !== 'trace' && type !== 'checkpoint').length
    expect(remembered).toBeGreaterThanOrEqual(Math.min(100, world.lines.length))
    expect(remembered).toBeLessThan(130)
    expect(replay(textOf(lines))).toBeUndefined()
  }
  expect(world.lines.length).toBeGreaterThan(1_000)
})

test('a recording goes on in another file when one is full, and each can be replayed by itself', async () => {
  const { world, flight } = remembered()
  const path = join(folder, 'full.jsonl')
  const trouble: string[] = []
  const recording = { path, maxBytes: 4_000, isGzipped: false }
  const recorder = await Recorder.start(flight, recording, { onTrouble: (message) => trouble.push(message) })
  const files = () => readdirSync(folder).filter((name) => name.startsWith('full'))
  for (let count = 1; count < 4; count++) {
    await until(`${count + 1} files are there`, () => {
      turn(world)
      return files().length > count
    })
  }
  await recorder.close()
  expect(trouble).toEqual([])
  expect(files()).toEqual(['full.1.jsonl', 'full.2.jsonl', 'full.3.jsonl', 'full.jsonl'])
  const texts = files().map((name) => readFileSync(join(folder, name), 'utf8'))
  for (const text of texts) expect(replay(text)).toBeUndefined()
  const lines = texts.join('').trimEnd().split('\n')
  expect(lines.filter((line) => !/^\{"type":"(trace|checkpoint)"/.test(line)).length).toBe(world.lines.length)
})

test('a taker that is too slow misses lines, is told how many, and can replay the rest', async () => {
  const { world, flight } = remembered()
  const feed = new Feed({ limit: 40 })
  const unfollow = flight.follow(feed)
  for (let round = 0; round < 20; round++) turn(world)
  const batches = feed.batches()
  const taken = [...((await batches.next()).value ?? [])]
  const missed = world.lines.length - taken.filter(({ type }) => type !== 'trace').length
  turn(world)
  const rest = batches.next()
  unfollow()
  taken.push(...((await rest).value ?? []))
  const dropped = taken.find((line) => line.type === 'dropped')
  expect(dropped?.lines).toBe(missed)
  expect(taken.filter(({ type }) => type === 'trace').length).toBe(2)
  expect(replay(textOf(taken))).toBeUndefined()
})

test('a disk that fails costs lines, not the server; when it is well again the recording goes on', async () => {
  const { world, flight } = remembered()
  const place = join(folder, 'disk')
  mkdirSync(place)
  const path = join(place, 'trace.jsonl')
  const trouble: string[] = []
  const options = { onTrouble: (message: string) => trouble.push(message), retryMs: 1 }
  const recorder = await Recorder.start(flight, { path, maxBytes: 1, isGzipped: false }, options)
  renameSync(place, `${place}-gone`)
  await until('it is in trouble', () => {
    turn(world)
    return trouble.length > 0
  })
  expect(trouble[0]).toContain(`the trace cannot be recorded to ${path} and is dropped meanwhile: Error: ENOENT`)
  mkdirSync(place)
  await until('it is well again', () => {
    turn(world)
    return trouble.length > 1
  })
  turn(world)
  await recorder.close()
  expect(trouble).toEqual([trouble[0], `the trace is recorded to ${path} again`])
  const [first = ''] = readdirSync(place).sort()
  const { difference, dropped } = await replayFile(join(place, first))
  expect(difference).toBeUndefined()
  expect(dropped).toBeGreaterThan(0)
})

test('a compressed recording that a crash cut off can be replayed up to there', async () => {
  const { world, flight } = remembered()
  const path = join(folder, 'crash.jsonl.gz')
  const recorder = await Recorder.start(flight, { path, maxBytes: 2 ** 20, isGzipped: true }, { onTrouble() {} })
  for (let round = 0; round < 20; round++) turn(world)
  await recorder.close()
  const bytes = readFileSync(path)
  expect(await replayFile(path)).toMatchObject({ difference: undefined, lines: world.lines.length + 1 })
  writeFileSync(path, bytes.subarray(0, bytes.length - 100))
  const { difference, lines } = await replayFile(path)
  expect(difference).toBeUndefined()
  expect(lines).toBeLessThan(world.lines.length)
})
