import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { replayFile } from '../../server/trace/replay-file.ts'
import { chat, startHotseat, upstream } from '../support/hotseat.ts'
import { hotseat } from '../support/program.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('trace tail follows a server until it ends, with what can be replayed', async () => {
  let tail: ReturnType<typeof hotseat>
  {
    await using server = await startHotseat({ a: upstream(), b: upstream() })
    await server.post(chat, { model: 'a' })
    tail = hotseat('trace', 'tail', server.url)
    await until('the run begins', () => tail.output().includes('"type":"checkpoint"'))
    await server.post(chat, { model: 'b' })
    await until('it is told', () => tail.output().includes('{"type":"serve.done","request":2'))
  }
  expect((await tail.exited)[0]).toBe(0)
  const path = join(folder, 'tail.jsonl')
  writeFileSync(path, tail.output())
  expect(await replayFile(path)).toMatchObject({ difference: undefined, isCut: false })
})

test.each([
  [['trace', 'tail', 'http://127.0.0.1:1'], 1, 'nobody answers at http://127.0.0.1:1'],
  [['trace', 'tail', 'ftp://x'], 2, '"ftp://x" is no http:// URL'],
  [['trace', '--help'], 0, 'Usage: hotseat trace tail URL'],
])('%j ends with exit code %i', async (args, code, text) => {
  const { exited, output } = hotseat(...args)
  expect((await exited)[0]).toBe(code)
  await until('it said why', () => output().includes(text))
})

test('SIGUSR2 saves what the server remembers, says where, and changes nothing else', async () => {
  const { child, exited, output } = hotseat('--listen', '127.0.0.1:0')
  await until('it greets', () => output().includes('Try:'))
  child.kill('SIGUSR2')
  const said = /asked by SIGUSR2: the last events are in (\S+\.jsonl)/
  await until('it says where', () => said.test(output()))
  const path = said.exec(output())?.[1] ?? ''
  const url = /at (http:\S+):/.exec(output())?.[1] ?? ''
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(await replayFile(path)).toMatchObject({ difference: undefined, lines: 1 })
  rmSync(path)
  child.kill('SIGTERM')
  expect((await exited)[0]).toBe(0)
})
