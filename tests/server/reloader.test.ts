import { expect, test } from 'vitest'
import type { Config } from '../../config/config.ts'
import { type Loaded, parseConfig } from '../../config/load.ts'
import { Logs } from '../../server/logs/logs.ts'
import { InForce } from '../../server/reload/in-force.ts'
import { Reloader } from '../../server/reload/reloader.ts'

const [one, two] = ['serve', 'other'].map((name) => `models: {a: {cmd: '${name} --port \${PORT}'}}`) as [string, string]

/** A reloader over a text that the test writes. */
function reloading(first: string) {
  const inForce = new InForce(parse(first).config)
  const world = {
    text: first,
    inForce,
    reads: 0,
    applied: [] as Config[],
    onRead: () => {},
    onLook: () => {},
    logs: new Logs({ logLevel: 'debug', logToStdout: 'proxy', logTimeFormat: null }, () => {}),
  }
  const reloader = new Reloader({
    source: {
      name: 'models.yaml',
      async digest() {
        world.onLook()
        return world.text
      },
      load() {
        world.reads++
        try {
          return parse(world.text)
        } finally {
          world.onRead()
        }
      },
    },
    logs: world.logs,
    warnings: [],
    now: () => 0,
    current: () => inForce.config,
    apply(config) {
      world.applied.push(config)
      inForce.replace(config)
    },
    settleMs: 1,
    rereadMs: 1,
  })
  return Object.assign(world, { reloader })
}

function parse(text: string): Loaded {
  return parseConfig(text, 'models.yaml')
}

test('however many ask during a reload, one more follows it, and what was written last is in force', async () => {
  const world = reloading(one)
  const asked: Promise<void>[] = []
  world.onRead = () => {
    if (world.reads > 1) return
    world.text = two
    for (let times = 0; times < 5; times++) asked.push(world.reloader.reload())
  }
  await world.reloader.reload()
  await Promise.all(asked)
  expect([world.reads, world.inForce.config.models.get('a' as never)?.argv[0]]).toEqual([2, 'other'])
})

test('a file is read only once it has stopped changing', async () => {
  const world = reloading(one)
  let looks = 0
  world.onLook = () => {
    if (++looks < 5) world.text = `${two} #${looks}`
  }
  await world.reloader.reload()
  expect([looks, world.reads]).toEqual([5, 1])
})

test.each([
  ['a mistake', 'models: {a: {cm'],
  ['nothing', ''],
  ['no models', 'logLevel: info'],
])('what looks like half a file, as %s does, is read again before it is believed', async (_what, half) => {
  const world = reloading(one)
  world.text = half
  world.onRead = () => {
    world.text = two
  }
  await world.reloader.reload()
  expect([world.reads, world.applied.length, world.reloader.last.isOk]).toEqual([2, 1, true])
})

test('a file that stays broken changes nothing, and is reported once', async () => {
  const world = reloading(one)
  world.text = 'models: {a: {cm'
  await world.reloader.reload()
  expect([world.applied.length, world.reloader.generation]).toEqual([0, 1])
  const { isOk, problems } = world.reloader.last
  expect([isOk, problems[0]?.place]).toEqual([false, { file: 'models.yaml', line: 1, column: 16 }])
  expect(
    world.logs.proxy
      .history()
      .toString()
      .match(/was not reloaded/g),
  ).toHaveLength(1)
})

test('even a failure of the reading itself changes nothing', async () => {
  const world = reloading(one)
  world.onRead = () => {
    throw new RangeError('too deep')
  }
  await world.reloader.reload()
  expect(world.reloader.last.problems[0]?.message).toContain('too deep')
})

test('what means the same is not put in force, and said for those who debug only', async () => {
  const world = reloading(one)
  world.text = `# a comment\n${one}`
  await world.reloader.reload()
  expect(world.reloader.generation).toBe(1)
  expect(world.logs.proxy.history().toString()).toBe(
    '[DEBUG] models.yaml was read again and means the same: nothing changes\n',
  )
})

test('a key that is unknown is told of, even if nothing else is new', async () => {
  const world = reloading(one)
  world.text = `${one}\nlogLevl: debug`
  await world.reloader.reload()
  expect(world.logs.proxy.history().toString()).toContain('did you mean `logLevel`?')
  expect(world.reloader.last).toMatchObject({ isOk: true, problems: [{ path: 'logLevl', isWarning: true }] })
})

test('what cannot change while hotseat runs is told of', async () => {
  const world = reloading(one)
  world.text = `${one}\nlogToStdout: none`
  await world.reloader.reload()
  expect(world.logs.proxy.history().toString()).toContain('What is new in logToStdout takes effect at the next start')
})

test('nothing is put in force once it is closed', async () => {
  const world = reloading(one)
  world.text = two
  world.onLook = () => world.reloader.close()
  await world.reloader.reload()
  await world.reloader.reload()
  expect([world.reads, world.applied.length]).toEqual([0, 0])
})
