import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the peers are built into and configured with. Gone when the bench ends. */
export const folder = mkdtempSync(join(tmpdir(), 'hotseat-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @returns where the text was written to */
export function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

export function isInstalled(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
