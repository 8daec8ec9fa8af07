import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import type { ModelId } from '../../config/config.ts'
import { chat, type Hotseat, readError, startHotseat, upstream, upstreamProgram } from '../support/hotseat.ts'
import { leftovers } from '../support/leftovers.ts'
import { until } from '../support/until.ts'

/* Children that do not behave. After each of them nothing is left running and the next request works. */

const good = upstream()

async function answers(hotseat: Hotseat, model: string): Promise<string> {
  const response = await hotseat.post(chat, { model })
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

async function unloads(hotseat: Hotseat): Promise<void> {
  const response = await hotseat.post('/api/models/unload', {})
  expect(response.status).toBe(200)
  await until('nothing of the models is left', () => leftovers(hotseat.mark).length === 0)
}

test.each([
  ['listens late', '--listen-after-ms 300'],
  ['answers 503 for a while', '--load-ms 300'],
  ['ignores SIGTERM', '--ignore-sigterm'],
  ['has a grandchild that holds its pipes', '--grandchild'],
  ['has a grandchild that left its group', '--escape'],
  ['prints 100 MB on stderr', '--stderr-mb 100'],
])('a model that %s is served, swapped out and leaves nothing', async (_what, flags) => {
  await using hotseat = await startHotseat({ odd: upstream(flags), good })
  expect(await answers(hotseat, 'odd')).toBe('odd answers')
  expect(await answers(hotseat, 'good')).toBe('good answers')
  await until('only the good one is left', () => leftovers(hotseat.mark).length === 1)
  expect(await answers(hotseat, 'odd')).toBe('odd answers')
  await unloads(hotseat)
})

test.each([
  ['exits at once with a message', upstream('--exit-code 3 --say bang'), ['exited with code 3', 'bang']],
  ['forks and exits', upstream('--escape --exit-code 0'), ['exited with code 0']],
  ['does not exist', 'no-such-program --at-all', ['"no-such-program" was not found', 'ENOENT']],
  ['is not executable', upstreamProgram, ['may not be executed']],
])('a model whose command %s is explained, and leaves nothing', async (_what, cmd, expected) => {
  await using hotseat = await startHotseat({ odd: { cmd, proxy: 'http://127.0.0.1:9' }, good })
  const response = await hotseat.post(chat, { model: 'odd' })
  const error = await readError(response)
  expect([response.status, error.code, response.headers.get('retry-after')]).toEqual([503, 'model_failed', '1'])
  for (const text of ['odd', ...expected]) expect(error.message).toContain(text)
  await until('nothing of it is left', () => leftovers(hotseat.mark).length === 0)
  expect(await answers(hotseat, 'good')).toBe('good answers')
})

test('a model that listens and never answers its health check can be unloaded while it loads', async () => {
  await using hotseat = await startHotseat({ odd: upstream('--silent-health'), good })
  const waiting = hotseat.post(chat, { model: 'odd' })
  await until('it is starting', () => hotseat.stateOf('odd') === 'starting')
  await unloads(hotseat)
  const response = await waiting
  expect([response.status, (await readError(response)).code]).toEqual([503, 'unloaded'])
  expect(await answers(hotseat, 'good')).toBe('good answers')
})

test('a port that is taken by another program is named, and nothing is spawned', async () => {
  await using hotseat = await startHotseat({ odd: upstream(), good })
  const { port } = hotseat.running.server.names.resolve('odd')!
  const other = createServer().listen(port!, '127.0.0.1')
  await once(other, 'listening')
  const response = await hotseat.post(chat, { model: 'odd' })
  expect((await readError(response)).message).toContain(`port ${port}, which was given out for it, is taken`)
  expect(leftovers(hotseat.mark)).toEqual([])
  other.close()
  expect(await answers(hotseat, 'good')).toBe('good answers')
})

test('a model that dies in the middle of a stream fails visibly, and the next request starts it again', async () => {
  await using hotseat = await startHotseat({ odd: upstream() })
  const response = await hotseat.post(chat, { model: 'odd', stream: true, chunks: 10, dieAfter: 2 })
  await expect(response.text()).rejects.toThrow()
  await until('the lease is given back', () => hotseat.leasesOf('odd') === 0)
  expect(await answers(hotseat, 'odd')).toBe('odd answers')
})

test('cmdStop ends a model that is deaf to signals, and is told its process id', async () => {
  const cmdStop = `kill -KILL \${PID}`
  await using hotseat = await startHotseat({ odd: { cmd: upstream('--ignore-sigterm'), cmdStop, unloadTimeout: 60 } })
  expect(await answers(hotseat, 'odd')).toBe('odd answers')
  await unloads(hotseat)
})

test.each([
  ['is not there', 'no-such-stop', '"no-such-stop" was not found: check the path in cmdStop (ENOENT)'],
  ['fails', 'sh -c "echo no container; exit 4"', 'it exited with code 4'],
])('a cmdStop that %s falls back to the signal, and both logs say so', async (_what, cmdStop, why) => {
  await using hotseat = await startHotseat({ odd: { cmd: upstream(), cmdStop, unloadTimeout: 60 } })
  expect(await answers(hotseat, 'odd')).toBe('odd answers')
  await unloads(hotseat)
  const { logs } = hotseat.running.server
  for (const log of [logs.proxy, logs.of('odd' as ModelId)]) {
    expect(log.history().toString()).toContain(`[WARN] cmdStop of odd did not stop it, so a signal does: ${why}\n`)
  }
})
