import { type ExecFileException, execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { settingsOf } from '../../machines/policy/settings.ts'
import { originOf } from '../../server/reload/origin.ts'
import { id } from '../support/settings.ts'
import { traceOf } from '../support/trace.ts'
import { World } from '../support/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [, program = ''] = /```ts\n(.*?)```/s.exec(readFileSync(`${root}/docs/traces.md`, 'utf8')) ?? []

/** A project of somebody else's, with hotseat installed, the program of docs/traces.md and what it reads. */
const project = mkdtempSync(join(tmpdir(), 'hotseat-user-'))
afterAll(() => rmSync(project, { recursive: true }))
mkdirSync(join(project, 'node_modules/@types'), { recursive: true })
symlinkSync(root, join(project, 'node_modules/hotseat'))
symlinkSync(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'))

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(project, name), content)
}

const model = 'cmd: "llama-server --port ${PORT}"'
const oneSeat = `models:\n  chat: {${model}}\n  coder: {${model}}\n`
const twoSeats = `${oneSeat}groups:\n  both: {swap: false, members: [chat, coder]}\n`

/** What two clients by turns come to under a configuration, where a load takes five seconds. */
function weekUnder(yaml: string): Buffer {
  const settings = settingsOf(parseConfig(yaml, 'models.yaml').config, originOf)
  const world = new World(settings)
  for (const name of ['chat', 'coder', 'chat']) {
    const client = world.request(id(name))
    for (const { id } of settings.models) world.obey(id)
    world.clock.advance(5_000)
    world.ready(id(name))
    world.release(client)
  }
  return gzipSync(traceOf(world.lines, settings))
}

beforeEach(() => {
  write('package.json', JSON.stringify({ type: 'module' }))
  write('policy.test.ts', program)
  write('week.jsonl.gz', weekUnder(oneSeat))
  write('models.yaml', twoSeats)
})

/** What a command printed, and its exit code. */
async function run(...args: readonly string[]): Promise<{ code: unknown; output: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, env: {} })
    return { code: 0, output: stdout }
  } catch (error) {
    const { code, stdout } = error as ExecFileException
    return { code, output: stdout ?? '' }
  }
}

const runTests = () => run('-C', 'hotseat-source', '--test', '--test-reporter=tap', 'policy.test.ts')

test('the program in docs/traces.md passes where the configuration is no worse', async () => {
  expect(await runTests()).toMatchObject({ code: 0, output: expect.stringContaining('# pass 3') })
})

test('it fails where the configuration is worse, and says by how much', async () => {
  write('week.jsonl.gz', weekUnder(twoSeats))
  write('models.yaml', oneSeat)
  expect(await runTests()).toMatchObject({ code: 1, output: expect.stringContaining('3 swaps, and 2 before') })
})

test('its types hold where the compiler is strict', async () => {
  const strict = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true }
  // The types of the sources, instead of those that are built from them.
  const sources = { customConditions: ['hotseat-source'], allowImportingTsExtensions: true, noEmit: true }
  const compilerOptions = { module: 'nodenext', target: 'es2024', types: ['node'], ...strict, ...sources }
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['policy.test.ts'] }))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  expect(await run(compiler, '-p', project)).toEqual({ code: 0, output: '' })
})
