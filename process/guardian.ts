import { type ChildProcess, spawn } from 'node:child_process'
import { markerName } from './environment.ts'

/**
 * Lives in a session of its own and reads `+ GROUP` and `- GROUP` from a pipe whose other end only hotseat holds. When
 * hotseat is gone, however it went, the pipe closes: then the groups are ended, and on Linux whatever bears the mark of the
 * run, so that a child spawned in the very instant of death is found as well. About a megabyte in memory.
 */
const script = `
trap '' HUP INT TERM
groups=
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -)
      others=
      for other in $groups; do [ "$other" = "$group" ] || others="$others $other"; done
      groups=$others
      ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
for pass in 1 2; do
  for file in /proc/[0-9]*/environ; do
    grep -qsaF "${markerName}=$1." "$file" || continue
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}" 2>/dev/null
  done
done
`

/** Ends hotseat's children when hotseat itself cannot: the process that outlives a SIGKILL of its parent. POSIX only. */
export class Guardian {
  readonly #run: string
  readonly #groups = new Set<number>()
  #process: ChildProcess | undefined
  #isClosed = false

  constructor(run: string) {
    this.#run = run
  }

  /** Begins to guard the group. Must be said in the same turn as the spawn. */
  add(leader: number): void {
    this.#groups.add(leader)
    if (this.#process) this.#tell(`+ ${leader}`)
    else this.#start()
  }

  /** The group is gone, and its number may be another's soon. */
  remove(leader: number): void {
    this.#groups.delete(leader)
    this.#tell(`- ${leader}`)
  }

  /** Lets the guardian end. */
  close(): void {
    this.#isClosed = true
    this.#process?.stdin?.end()
  }

  #start(): void {
    if (process.platform === 'win32' || this.#isClosed) return
    const guardian = spawn('/bin/sh', ['-c', script, 'hotseat-guardian', this.#run], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH },
    })
    guardian.stdin.on('error', () => {})
    guardian.once('error', () => this.#lost(guardian))
    guardian.once('exit', () => this.#lost(guardian))
    // Neither the guardian nor its pipe keeps hotseat alive.
    guardian.unref()
    if ('unref' in guardian.stdin && typeof guardian.stdin.unref === 'function') guardian.stdin.unref()
    this.#process = guardian
    for (const leader of this.#groups) this.#tell(`+ ${leader}`)
  }

  #tell(line: string): void {
    this.#process?.stdin?.write(`${line}\n`)
  }

  /** Somebody ended the guardian: another takes its place as long as there is something to guard. */
  #lost(guardian: ChildProcess): void {
    if (this.#process !== guardian) return
    this.#process = undefined
    if (this.#groups.size > 0) this.#start()
  }
}
