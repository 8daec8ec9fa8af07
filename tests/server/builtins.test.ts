import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the server loads neither the client behind `fetch` nor TLS before somebody needs them', () => {
  const script = "await import('./server/commands/serve.ts'); console.log(JSON.stringify(process.moduleLoadList))"
  const args = ['--conditions', 'hotseat-source', '--input-type', 'module', '--eval', script]
  const loaded: string[] = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))
  expect(loaded).toContain('NativeModule http')
  expect(loaded.filter((name) => /undici\/undici$|^NativeModule tls$/.test(name))).toEqual([])
})
