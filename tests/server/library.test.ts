import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the program in docs/traces.md runs, and says what the trace in it holds', () => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(readFileSync(`${root}/docs/traces.md`, 'utf8')) ?? []
  const output = execFileSync(process.execPath, ['-C', 'hotseat-source', '--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(output).toBe('3 requests, 3 swaps\nthe same again\n3 swaps, and under the other configuration 0\n')
})
