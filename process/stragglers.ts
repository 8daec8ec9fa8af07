import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { markerName } from './environment.ts'

/**
 * Ends by force whatever of a life still runs, in its group or out of it, as far as the system can tell: on Linux every
 * process tells its group and its environment under /proc. Zombies do not count: they hold nothing, and where PID 1 does
 * not reap they stay for ever.
 *
 * Only processes that are younger than the leader are looked at, because a life has no others: a look at each process of the
 * machine takes longer than all else that a swap does.
 * @returns how many were found.
 */
export async function killStragglers(leader: number, marker: string): Promise<number> {
  if (process.platform !== 'linux') return 0
  const pids = youngerThan(leader)
  let count = 0
  for (let i = 0; i < pids.length; i++) {
    // These files are no disk's: reading one is a matter of microseconds, and of a tenth of that beside handing it to a thread.
    if (isStraggler(pids[i]!, leader, marker) && kill(pids[i]!)) count++
    if (i % looksPerTurn === looksPerTurn - 1) await nextTurn()
  }
  return count
}

/** So many take less than a millisecond. */
const looksPerTurn = 16

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
    return false
  }
}

/** Numbers are given out in ascending order and begin anew at their limit; the last one given out is the end of the fifth word. */
function youngerThan(leader: number): readonly number[] {
  try {
    const last = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1))
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
    return pids.filter((pid) => (last >= leader ? pid >= leader && pid <= last : pid >= leader || pid <= last))
  } catch {
    return []
  }
}

function isStraggler(pid: number, leader: number, marker: string): boolean {
  try {
    // The command's name stands in parentheses and may hold any character; state and group follow it (proc_pid_stat(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return false
    if (Number(group) === leader) return true
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
    return environment.split('\0').includes(`${markerName}=${marker}`)
  } catch {
    return false
  }
}
