import { readdir, readFile } from 'node:fs/promises'
import { markerName } from './environment.ts'

/**
 * Ends by force whatever of a life still runs, in its group or out of it, as far as the system can tell: on Linux every
 * process tells its group and its environment under /proc. Zombies do not count: they hold nothing, and where PID 1 does
 * not reap they stay for ever.
 * @returns how many were found.
 */
export async function killStragglers(leader: number, marker: string): Promise<number> {
  if (process.platform !== 'linux') return 0
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map((pid) => isStraggler(pid, leader, marker)))
  const stragglers = pids.filter((_, index) => found[index])
  for (const pid of stragglers) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  return stragglers.length
}

async function isStraggler(pid: string, leader: number, marker: string): Promise<boolean> {
  try {
    // The command's name stands in parentheses and may hold any character; state and group follow it (proc_pid_stat(5)).
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return false
    if (Number(group) === leader) return true
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1')
    return environment.split('\0').includes(`${markerName}=${marker}`)
  } catch {
    return false
  }
}
