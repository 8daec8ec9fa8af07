import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  expect(await tail.ended).toBe(0)
  expect(tail.said.stderr).toMatch(/^hotseat: http:\S+ has ended$/m)
  const path = join(folder, 'tail.jsonl')
  writeFileSync(path, tail.said.stdout)
  expect(await replayFile(path)).toMatchObject({ difference: undefined, isCut: false })
})

test.each([
  [['trace', 'tail', 'http://127.0.0.1:1'], 1, 'nobody answers at http://127.0.0.1:1: connect ECONNREFUSED'],
  [['trace', 'tail', 'ftp://x'], 2, '"ftp://x" is no http:// URL'],
  [['trace', 'tail', 'http://any:50%@127.0.0.1:1'], 2, 'write a % in the key as %25'],
  [['trace', '--help'], 0, 'Usage: hotseat trace tail URL'],
])('%j ends with exit code %i', async (args, code, text) => {
  const { exited, output } = hotseat(...args)
  expect((await exited)[0]).toBe(code)
  await until('it said why', () => output().includes(text))
})

test('trace tail gives the key that is in the URL, and says how to write one', async () => {
  await using server = await startHotseat({ a: upstream() }, 'apiKeys: ["s3/cr%t"]')
  const { host } = new URL(server.url)
  const refused = hotseat('trace', 'tail', `http://any:other@${host}`)
  expect(await refused.ended).toBe(1)
  expect(refused.said.stderr).toMatch(/answers 401: This API key is not .* Here it goes into the URL: http:/)

  const admitted = hotseat('trace', 'tail', `http://any:${encodeURIComponent('s3/cr%t')}@${host}`)
  await until('the run begins', () => admitted.output().includes('"type":"trace"'))
  admitted.child.kill()
  await admitted.exited
})

test('trace tail ends without a word when nobody reads it any more', async () => {
  await using server = await startHotseat({ a: upstream() })
  const { child, exited, said } = hotseat('trace', 'tail', server.url)
  await until('the run begins', () => said.stdout.includes('"type":"trace"'))
  child.stdout.destroy()
  await server.post(chat, { model: 'a' })
  expect([await exited, said.stderr]).toEqual([[0, null], ''])
})

const json = { 'Content-Type': 'application/json' }
const lines = { 'Content-Type': 'application/x-ndjson; charset=utf-8' }
const cut: RequestListener = (_, response) =>
  response.writeHead(200, lines).write('{"type":"dropped","lines":1}\n{"ty', () => response.destroy())

test.each<[string, RequestListener, string]>([
  ['breaks off', cut, 'broke off: aborted'],
  [
    'is none of hotseat',
    (_, response) => response.writeHead(200, json).end('{}'),
    'is no hotseat: it sends application/json',
  ],
  [
    'knows no traces',
    (_, response) => response.writeHead(404).end('404 page not found'),
    'answers 404: 404 page not found',
  ],
])('trace tail says so when what answers %s', async (_, listener, text) => {
  await using server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { ended, said } = hotseat('trace', 'tail', `http://127.0.0.1:${port}`)
  expect(await ended).toBe(1)
  expect(said.stderr).toContain(text)
  expect(said.stdout).not.toContain('{"ty\n')
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
