import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { upstream } from '../support/hotseat.ts'
import { leftovers } from '../support/leftovers.ts'
import { freshPorts } from '../support/ports.ts'
import { hotseat } from '../support/program.ts'
import { until } from '../support/until.ts'

/* The program with a real file: told by SIGHUP, and watching by itself. */

const folder = mkdtempSync(join(tmpdir(), 'hotseat-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function serving(...flags: string[]) {
  const port = freshPorts()
  const file = join(folder, `${port}.yaml`)
  const write = (text: string, to = file) => writeFileSync(to, text)
  const models = (say: string) =>
    `startPort: ${port}\nmodels:\n  a: {cmd: '${upstream(`--say ${say}`)}', unloadTimeout: 2}\n`
  write(models('one'))
  const program = hotseat('--config', file, '--listen', `127.0.0.1:${port + 9}`, ...flags)
  await until('it greets', () => program.output().includes('Try:'))
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port + 9}${path}`)).json()
  return {
    ...program,
    file,
    write,
    models,
    pid: async () => ((await get('/upstream/a/who')) as { pid: number }).pid,
    status: async () => (await get('/api/config/status')) as { ok: boolean; generation: number },
    async [Symbol.asyncDispose]() {
      program.child.kill('SIGTERM')
      await program.exited
      await until('nothing is left', () => leftovers(program.mark).length === 0)
    },
  }
}

test('SIGHUP reads the file again; a broken one is told of with its place, and everything runs on', async () => {
  await using program = await serving()
  const first = await program.pid()
  program.write(`${program.models('two')}    cmd: [broken\n`)
  program.child.kill('SIGHUP')
  await until('it is found broken', async () => !(await program.status()).ok)
  const place = new RegExp(`${program.file} was not reloaded.*\n${program.file}:\\d+:\\d+  `)
  await until('it is told of with its place', () => place.test(program.output()))
  expect(await program.pid()).toBe(first)

  program.write(program.models('two'))
  program.child.kill('SIGHUP')
  await until('it is in force', async () => (await program.status()).generation === 2)
  expect(await program.pid()).not.toBe(first)
  await until('it is told', () => program.output().includes(`${program.file} was reloaded: changed a`))
})

test('with --watch-config a file is read when its content changes, whatever its time and size say', async () => {
  await using program = await serving('--watch-config')
  const first = await program.pid()
  const time = new Date('2020-01-01')
  program.write(program.models('two'))
  utimesSync(program.file, time, time)
  await until('what was written is in force', async () => (await program.status()).generation === 2)
  expect(await program.pid()).not.toBe(first)

  program.write(program.models('tri'))
  utimesSync(program.file, time, time)
  await until('so is another of the same size and time', async () => (await program.status()).generation === 3)

  program.write(program.models('for'), `${program.file}.new`)
  renameSync(`${program.file}.new`, program.file)
  await until('so is a file that takes its place', async () => (await program.status()).generation === 4)
})
