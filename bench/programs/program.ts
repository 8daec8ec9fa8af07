import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A program of the bench's own, in its own process group so that nothing of it can be left. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /** Its first line of output. */
  line(): Promise<string>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) if (child.pid !== undefined) killGroup(child.pid)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** @param output `ignore`: nobody reads it, and so nobody is woken by it, which would be measured with the rest. */
export function startProgram(command: string, args: readonly string[], output: 'line' | 'ignore' = 'line'): Program {
  const stdout = output === 'line' ? 'pipe' : 'ignore'
  const child = spawn(command, args, { detached: true, stdio: ['ignore', stdout, 'inherit'] })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started`)
  running.add(child)
  return {
    pid,
    async line() {
      if (!child.stdout) throw new Error(`the output of ${command} is ignored`)
      const [data] = await once(child.stdout, 'data')
      return String(data).split('\n', 1)[0]!
    },
    async [Symbol.asyncDispose]() {
      const exited = child.exitCode ?? child.signalCode ?? once(child, 'exit')
      child.kill('SIGTERM')
      await Promise.race([exited, pause(5_000, undefined, { ref: false })])
      killGroup(pid)
      running.delete(child)
    },
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing is left.
  }
}

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port was given out')
  return address.port
}

/** The first of two ports that nobody uses, below those that the system gives out by itself. */
export async function freePair(): Promise<number> {
  for (;;) {
    const port = 12_000 + 2 * Math.floor(Math.random() * 4_000)
    if (!(await accepts(port)) && !(await accepts(port + 1))) return port
  }
}

/** @throws after ten seconds, naming what did not listen. */
export async function untilListening(port: number, what: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await accepts(port))) {
    if (performance.now() > deadline) throw new Error(`${what} does not listen on port ${port} after 10 s`)
    await pause(10)
  }
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
