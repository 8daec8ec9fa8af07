import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { UsageError } from '../../server/cli.ts'
import { replay } from '../../server/commands/replay.ts'
import { upstream } from '../support/hotseat.ts'
import { hotseat } from '../support/program.ts'
import { id, settings } from '../support/settings.ts'
import { traceOf } from '../support/trace.ts'
import { World } from '../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const [a, b] = [id('a'), id('b')]

/** `a` serves while `b` waits for its place, and then has it. */
function recorded(): string {
  const world = new World(settings('ab'))
  const first = world.load(a)
  world.clock.advance(1_500)
  const second = world.request(b)
  world.clock.advance(2_000)
  world.release(first)
  world.clock.advance(300)
  world.obey(a)
  world.clock.advance(5_000)
  world.ready(b)
  world.clock.advance(700)
  world.release(second)
  return traceOf(world.lines, settings('ab'))
}

const trace = recorded()

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Runs the command. What it printed, and its exit code. */
async function run(...args: string[]): Promise<{ code: number; output: string }> {
  let output = ''
  const print = (text: string) => {
    output += `${text}\n`
  }
  vi.spyOn(console, 'log').mockImplementation(print)
  vi.spyOn(console, 'error').mockImplementation(print)
  return { code: await replay(args), output }
}

test('a trace that happens again alike is said to, with its length', async () => {
  const path = file('alike.jsonl', trace)
  const { code, output } = await run(path)
  expect([code, output]).toEqual([0, expect.stringContaining(`${path}: 19 lines happened again as they were recorded`)])
})

test('the first difference is shown with both sides, what led to it, and the ledger before and after', async () => {
  const other = trace.replace('{"type":"grant.serve","request":2', '{"type":"grant.serve","request":3')
  const { code, output } = await run(file('altered.jsonl', other))
  expect(code).toBe(1)
  expect(output).toContain(`altered.jsonl, line 18: the machines say something else
after line 17:
  00:00:08.800  child.ready     model "b", swap 2
recorded:
  {"type":"grant.serve","request":3,"model":"b","swap":2}
replayed:
  {"type":"grant.serve","request":2,"model":"b","swap":2}

What the scheduler knew before, at 00:00:03.800
models
  a  stopped (life 1)
  b  starting (life 2)
swaps
  2 to b, stopping a, for 2
queue  none
unloads  none

What it knew afterwards, at 00:00:08.800
models
  a  stopped (life 1)
  b  ready since 00:00:08.800 (life 2), serves 2`)
})

test.each([
  ['a missing event', trace.replace(/\{"type":"child.exited".*\n/, ''), 1, 'line 13: the machines do not say this'],
  ['a last line that is cut off', trace.slice(0, -20), 0, 'line 19: it is cut off, and is passed over'],
  ['another version', trace.replace('"version":1', '"version":99'), 2, 'line 1: the trace is in version 99'],
  ['garbage', 'garbage\nand more\n', 2, 'line 1: this is not JSON'],
  [
    'a line of garbage',
    trace.replace(/\n/, '\n{"type":\n'),
    2,
    'line 2: this is not JSON: Unexpected end of JSON input',
  ],
  ['nothing', '', 2, 'line 1: there is none'],
])('%s is told, and the exit code says of what kind it is', async (_what, content, code, message) => {
  const path = file('odd.jsonl', content)
  expect(await run(path)).toEqual({
    code,
    output: expect.stringContaining(`${path}, ${message}`),
  })
})

test('a compression that was cut off or damaged is read as far as it goes', async () => {
  const long = trace + Array.from({ length: 500 }, () => '{"type":"request.cancel","request":9,"at":9000}\n').join('')
  const whole = gzipSync(Buffer.from(long))
  const cut = await run(file('cut.jsonl.gz', whole.subarray(0, whole.length - 20)))
  expect(cut.code).toBe(0)
  const damaged = Buffer.from(whole)
  damaged.writeUInt32LE(0, damaged.length - 8)
  const { code, output } = await run(file('damaged.jsonl.gz', damaged))
  expect([code, output]).toEqual([2, expect.stringMatching(/line \d+: from here on the compression is damaged/)])
})

test('--until shows what the scheduler knew at a line, and why somebody waits', async () => {
  const path = file('until.jsonl', trace)
  const { code, output } = await run(path, '--until', '9', '--show')
  expect(code).toBe(0)
  expect(output).toContain(`at 00:00:01.500
models
  a  ready since 00:00:00.000 (life 1), serves 1
  b  stopped
swaps  none
queue
  2 for b since 00:00:01.500, behind a, which must stop and still serves
unloads  none`)
  expect(await run(path, '--until', '99')).toMatchObject({ code: 2, output: expect.stringContaining('only 19 lines') })
})

test('--mermaid draws the sequence of one request', async () => {
  const path = file('mermaid.jsonl', trace)
  const { code, output } = await run(path, '--mermaid', '2')
  expect(code).toBe(0)
  const steps = output.split('\n').map((line) => line.trim())
  expect(steps[0]).toBe('sequenceDiagram')
  const names = Object.fromEntries(
    steps.flatMap((line) => [/participant (\S+) as (.*)/.exec(line)?.slice(1, 3) ?? []]).filter(({ length }) => length),
  )
  const named = steps.map((line) => line.replaceAll(/\ba\d+\b/g, (alias) => `[${names[alias]}]`))
  const told = [
    '[client]->>[router]: request 2, model b',
    'Note over [scheduler]: waits behind a, which must stop and still serves',
    'Note over [router]: 2.000 s later',
    '[scheduler]->>[router]: swap.start swap 2, target b',
    '[swap.b]->>[process.a]: process.stop swap 1',
    '[process.a]->>[child of a]: child.stop',
    '[swap.b]->>[process.b]: process.start swap 2',
    '[readiness of b]->>[process.b]: child.ready model b, swap 2',
    '[router]->>[client]: grant.serve request 2, model b, swap 2',
    '[client]->>[router]: serve.done request 2, model b',
  ]
  expect(named.filter((line) => told.includes(line))).toEqual(told)
  expect(await run(path, '--mermaid', '77')).toMatchObject({
    code: 1,
    output: expect.stringContaining('no request 77'),
  })
})

test('--config shows side by side what another configuration would have come to', async () => {
  const models = { a: { cmd: upstream() }, b: { cmd: upstream() } }
  const groups = { one: { members: ['a'], exclusive: false }, two: { members: ['b'], exclusive: false } }
  const config = file('other.yaml', JSON.stringify({ models, groups }))
  const { code, output } = await run(file('week.jsonl', trace), '--config', config)
  expect(code).toBe(0)
  const table = output.split('\n').map((line) => line.trim().split(/ {2,}/))
  expect(table).toContainEqual(['recorded', 'simulated', config])
  expect(table).toContainEqual(['swaps', '2', '2', '2'])
  expect(table).toContainEqual(['evictions', '1', '1', '0'])
  expect(table).toContainEqual(['wait max', '7.3 s', '7.3 s', '5.0 s'])
})

test('--config says what the last column leaves out', async () => {
  const world = new World(settings('a'))
  world.release(world.load(a))
  world.reload(settings('ab'))
  world.request(b)
  const path = file('reloaded.jsonl', traceOf(world.lines, settings('a')))
  const config = file('without-b.yaml', JSON.stringify({ models: { a: { cmd: upstream() } } }))
  const { output } = await run(path, '--config', config)
  expect(output).toContain('The configuration was reloaded once meanwhile')
  expect(output).toContain(`${config} has no model b: who asked for one is refused in the last column.`)
})

test('what cannot be understood is a usage error', async () => {
  for (const args of [[], ['x', '--until', '0'], ['x', '--mermaid', 'all'], ['x', '--nonsense']]) {
    await expect(run(...args)).rejects.toThrow(UsageError)
  }
})

test('the program itself ends with these exit codes', async () => {
  const { exited, output } = hotseat('replay', file('program.jsonl', trace), file('program-2.jsonl', 'garbage\n'))
  expect((await exited)[0]).toBe(2)
  expect(output()).toContain('happened again as they were recorded')
  expect(output()).toContain('line 1: this is not JSON')
})
