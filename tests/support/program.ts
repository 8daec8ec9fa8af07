import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/hotseat.js', import.meta.url))

/** The program itself, as a user starts it. */
export function hotseat(...args: string[]) {
  const mark = `HOTSEAT_TEST=${randomUUID()}`
  const env = { ...process.env, HOTSEAT_TEST: mark.slice('HOTSEAT_TEST='.length) }
  const child = spawn(process.execPath, ['-C', 'hotseat-source', bin, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
  return { child, mark, exited, output: () => output }
}
