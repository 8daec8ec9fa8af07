import { spawn } from 'node:child_process'

/*
 * Signals to a child and all that it has started. On POSIX each child leads a process group of its own; Windows knows the
 * tree of parents instead, and `taskkill` walks it.
 */

/** Asks the group to end. */
export function endGroup(leader: number): void {
  if (process.platform === 'win32') taskkill(leader, [])
  else signalGroup(leader, 'SIGTERM')
}

/** Ends the group by force. False when nobody was left in it. */
export function killGroup(leader: number): boolean {
  if (process.platform === 'win32') return taskkill(leader, ['/f'])
  return signalGroup(leader, 'SIGKILL')
}

function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leader, signal)
  } catch (error) {
    // EPERM: members are left, but they are zombies (macOS) or have changed their user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function taskkill(leader: number, flags: readonly string[]): boolean {
  spawn('taskkill', [...flags, '/t', '/pid', String(leader)], { stdio: 'ignore' }).on('error', () => {})
  return false
}
