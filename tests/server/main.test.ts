import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { upstream } from '../support/hotseat.ts'
import { leftovers } from '../support/leftovers.ts'
import { freshPorts } from '../support/ports.ts'
import { hotseat } from '../support/program.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))

afterAll(() => rmSync(folder, { recursive: true }))

/** Starts it with two models of which the first is loaded and deaf to signals' first breath. */
async function serving() {
  const port = freshPorts()
  const file = join(folder, `${port}.yaml`)
  const odd = upstream('--grandchild --escape')
  writeFileSync(
    file,
    `startPort: ${port}\nmodels: ${JSON.stringify({ odd: { cmd: odd }, other: { cmd: upstream() } })}\n`,
  )
  const running = hotseat('-config', file, '-listen', `127.0.0.1:${port + 9}`)
  await until('it greets', () => running.output().includes('Try:'))
  const body = (fields: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'odd', ...fields }),
  })
  const ask = (fields: object) => fetch(`http://127.0.0.1:${port + 9}/v1/chat/completions`, body(fields))
  expect((await ask({})).status).toBe(200)
  return { ...running, ask }
}

test('SIGKILL of hotseat leaves no child, in its group or out of it', async () => {
  const { child, mark, exited } = await serving()
  expect(leftovers(mark).length).toBeGreaterThan(2)
  child.kill('SIGKILL')
  await exited
  await until('nothing is left', () => leftovers(mark).length === 0)
})

test('SIGTERM lets a response finish, then ends everything and exits 0', async () => {
  const { child, mark, exited, ask } = await serving()
  const response = await ask({ stream: true, chunks: 10, chunkMs: 50 })
  child.kill('SIGTERM')
  expect(await response.text()).toContain('[DONE]')
  expect((await exited)[0]).toBe(0)
  await until('nothing is left', () => leftovers(mark).length === 0)
})

test('a second signal ends everything at once', async () => {
  const { child, mark, exited, ask } = await serving()
  const response = await ask({ stream: true, chunks: 1_000, chunkMs: 50 })
  child.kill('SIGINT')
  await until('it hears the first', () => fetchFails(response.url))
  child.kill('SIGINT')
  expect((await exited)[0]).toBe(1)
  await response.text().catch(() => {})
  await until('nothing is left', () => leftovers(mark).length === 0)
})

test('npm start ends with npm, whatever shell npm runs it in', async () => {
  const port = freshPorts()
  const mark = `HOTSEAT_TEST=${randomUUID()}`
  const file = join(folder, `${port}.yaml`)
  writeFileSync(file, `startPort: ${port}\nhooks: {on_startup: {preload: [a]}}\nmodels: {a: {cmd: '${upstream()}'}}\n`)
  const args = ['start', '--script-shell=/bin/sh', '--', '--config', file, '--listen', `127.0.0.1:${port + 9}`]
  const env = { ...process.env, HOTSEAT_TEST: mark.slice('HOTSEAT_TEST='.length) }
  const npm = spawn('npm', args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(npm, 'exit')
  let said = ''
  npm.stdout.on('data', (chunk) => (said += chunk))
  await until('a model is loaded', () => said.includes('Preloaded a'))
  npm.kill('SIGTERM')
  await exited
  await until('nothing is left', () => leftovers(mark).length === 0)
})

async function fetchFails(url: string): Promise<boolean> {
  return fetch(new URL('/health', url), { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  )
}

test('a configuration with mistakes names them all, where they are, and exits 1', async () => {
  const file = join(folder, 'bad.yaml')
  writeFileSync(file, 'models:\n  a:\n    cmd: x\n    tll: 5\n    unlisted: maybe\ngroups:\n  g: {members: [b]}\n')
  const { exited, output } = hotseat('--config', file)
  expect((await exited)[0]).toBe(1)
  expect(output()).toContain(`${file}:4:5  warning: models.a.tll: the key \`tll\` is unknown: did you mean \`ttl\`?`)
  expect(output()).toContain(`${file}:5:5  models.a.unlisted: expected true or false, and this is \`maybe\``)
  expect(output()).toContain(`${file}:7:17  groups.g.members[0]: there is no model \`b\``)
})

test.each([
  [['--config', '/no/such/file'], 1, 'there is no such file'],
  [['--confg', 'x'], 2, 'Usage:'],
  [['--listen', 'nowhere'], 2, 'write HOST:PORT'],
  [['--help'], 0, 'Usage:'],
  [['--version'], 0, 'version: 0.1.0'],
])('%j ends with exit code %i', async (args, code, text) => {
  const { exited, output } = hotseat(...args)
  expect((await exited)[0]).toBe(code)
  await until('it said why', () => output().includes(text))
})
