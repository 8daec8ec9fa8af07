import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../config/load.ts'
import { start } from '../server/start.ts'
import { editor } from './support/editor.ts'
import { leftovers } from './support/leftovers.ts'
import { freshPorts } from './support/ports.ts'
import { until } from './support/until.ts'

const folder = fileURLToPath(new URL('../examples', import.meta.url))
const examples = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

const programs = mkdtempSync(join(tmpdir(), 'hotseat-'))
const engine = fileURLToPath(new URL('fixtures/engine.ts', import.meta.url))
for (const name of ['llama-server', 'sd-server', 'whisper-server', 'vllm', 'docker']) {
  writeFileSync(join(programs, name), `#!/bin/sh\nexec '${process.execPath}' '${engine}' ${name} "$@"\n`)
  chmodSync(join(programs, name), 0o755)
}
process.env.HOTSEAT_TEST = randomUUID()
process.env.PATH = `${programs}${delimiter}${process.env.PATH}`
for (const name of ['ADMIN_KEY', 'ANNA_KEY', 'CI_KEY', 'OPENROUTER_API_KEY']) process.env[name] = `${name}-of-a-test`
afterAll(() => rmSync(programs, { recursive: true }))

describe.each(examples)('examples/%s', (name, text) => {
  test('loads without a word', () => {
    expect(parseConfig(text, name).warnings).toEqual([])
  })

  test('is to the taste of editors, which it names the schema', () => {
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/config\.schema\.json\n/)
    expect(editor(text)).toBe('takes')
  })

  test('says what it shows in lines that fit', () => {
    expect(text.split('\n').filter((line) => line.length > 125)).toEqual([])
  })

  test('serves every model that it names', async () => {
    const { config } = parseConfig(`startPort: ${freshPorts()}\n${text}`, name)
    const running = await start(config, {
      hostname: '127.0.0.1',
      port: 0,
      stdout: () => {},
      onFatal: (error) => {
        throw error
      },
    })
    const headers = { 'x-api-key': String(process.env.ADMIN_KEY) }
    for (const model of config.models.keys()) {
      const response = await fetch(`${running.url}/upstream/${model}/health`, { headers })
      expect([model, response.status, await response.text()]).toEqual([model, 200, ''])
    }
    expect(await running.stop(1_000)).toEqual([])
    await until('every child is gone', () => leftovers(String(process.env.HOTSEAT_TEST)).length === 0)
  })
})
