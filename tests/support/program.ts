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
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (said.stdout += chunk))
  child.stderr.on('data', (chunk) => (said.stderr += chunk))
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
  /** Its exit code, once everything it said was heard. */
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, mark, exited, ended, said, output: () => said.stdout + said.stderr }
}
