import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Below the range from which the system gives out ports by itself. */
const first = 20_000
const last = 32_000
const perTest = 10

const locks = join(tmpdir(), 'hotseat-test-ports')
const held: string[] = []
process.once('exit', () => {
  for (const lock of held) rmSync(lock, { force: true })
})

let next = first + (process.pid % ((last - first) / perTest)) * perTest

/** The first of ten ports that no other test uses, in this run or in one beside it. */
export function freshPorts(): number {
  mkdirSync(locks, { recursive: true })
  for (let tries = 0; tries < (last - first) / perTest; tries++) {
    const port = next
    next = next + perTest < last ? next + perTest : first
    if (take(join(locks, String(port)))) return port
  }
  throw new Error(`every block of test ports is taken: remove what is stale in ${locks}`)
}

/** A file that only one process can make, and that counts no more once that process is gone. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    held.push(lock)
    return true
  } catch {
    if (isAlive(Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' })))) return false
    rmSync(lock, { force: true })
    return take(lock)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
