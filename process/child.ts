import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import type { Model } from '../config/config.ts'
import type { Exit } from '../machines/child.ts'
import { environmentOf } from './environment.ts'
import { endGroup, killGroup } from './group.ts'
import type { Guardian } from './guardian.ts'
import { isListening } from './port.ts'
import { killStragglers } from './stragglers.ts'

/** What a child says of itself. `exited` is its last word and is said once. */
export interface ChildListener {
  spawned(pid: number): void
  exited(exit: Exit): void
  output(chunk: Buffer): void
}

/** Between the exit of a process and the end of its pipes: longer means that somebody else holds them. */
const pipesMs = 50
/** From one look at what is left of a life to the next. */
const lookMs = 10
/** How long a port may stay open after everything of the life that had it is gone. */
const portMs = 1_000

/** Starts a program whose output is to be read and whose end is to be awaited by events. */
function launch(argv: readonly string[], env: NodeJS.ProcessEnv, limits: { detached: boolean; timeout?: number }) {
  const [file = '', ...args] = argv
  return execa(file, args, {
    ...limits,
    env,
    extendEnv: false,
    // Not ended with hotseat by a handler of execa's: the host and the guardian see to that, whatever happens.
    cleanup: false,
    killSignal: 'SIGKILL',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  })
}

/** What `cmdStop` calls the process id. */
const pidReference = `\${PID}`

/** One life of one model: from the look at its port until its group is reaped and its port is free. */
export class Child {
  readonly #model: Model
  readonly #marker: string
  readonly #guardian: Guardian
  readonly #listener: ChildListener
  readonly #ended = Promise.withResolvers<void>()
  readonly #env: NodeJS.ProcessEnv
  #pid: number | undefined
  #deadline = Number.POSITIVE_INFINITY
  #killTimer: NodeJS.Timeout | undefined
  #isEnding = false

  constructor(model: Model, marker: string, guardian: Guardian, listener: ChildListener) {
    this.#model = model
    this.#marker = marker
    this.#guardian = guardian
    this.#listener = listener
    this.#env = environmentOf(model.env, marker)
  }

  /** Leader of the group, while there is one. */
  get pid(): number | undefined {
    return this.#pid
  }

  /** When everything of this life is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  async live(): Promise<void> {
    const exit = await this.#run()
    clearTimeout(this.#killTimer)
    this.#ended.resolve()
    this.#listener.exited(exit)
  }

  stop(graceMs: number): void {
    const isFirst = !this.#isEnding
    this.#isEnding = true
    if (this.#pid === undefined) return
    const deadline = performance.now() + graceMs
    if (deadline < this.#deadline) {
      this.#deadline = deadline
      clearTimeout(this.#killTimer)
      this.#killTimer = setTimeout(() => this.kill(), graceMs)
    }
    if (isFirst) void this.#ask(this.#pid, graceMs)
  }

  kill(): void {
    this.#isEnding = true
    if (this.#pid !== undefined) killGroup(this.#pid)
  }

  async #run(): Promise<Exit> {
    const { argv, port } = this.#model
    if (port !== null && (await isListening(port))) return { type: 'port taken', port }
    if (this.#isEnding) return { type: 'killed', signal: 'SIGTERM' }

    const spawned = launch(argv, this.#env, { detached: process.platform !== 'win32' })
    const { pid } = spawned
    if (pid === undefined) return { type: 'unspawned', code: (await spawned).code ?? 'unknown' }

    this.#guardian.add(pid)
    this.#pid = pid
    this.#read(spawned)
    const exited = Promise.withResolvers<Exit>()
    const closed = Promise.withResolvers<void>()
    spawned.nodeChildProcess.once('exit', (code, signal) => exited.resolve(exitOf(code, signal)))
    spawned.nodeChildProcess.once('close', () => closed.resolve())
    this.#listener.spawned(pid)

    const exit = await exited.promise
    await this.#clear(pid, closed.promise)
    spawned.stdout.destroy()
    spawned.stderr.destroy()
    this.#pid = undefined
    this.#guardian.remove(pid)
    return exit
  }

  /** Whoever prints is heard at once: output that nobody takes would stop the child. */
  #read(spawned: ReturnType<typeof launch>): void {
    spawned.stdout.on('data', (chunk: Buffer) => this.#listener.output(chunk))
    spawned.stderr.on('data', (chunk: Buffer) => this.#listener.output(chunk))
    // Its end is awaited by the exit; the promise would also wait for whoever inherited the pipes.
    spawned.catch(() => {})
  }

  /** Asks politely: by the model's own command, else by signal. */
  async #ask(pid: number, graceMs: number): Promise<void> {
    const { stopArgv } = this.#model
    if (stopArgv === null) {
      endGroup(pid)
      return
    }
    const argv = stopArgv.map((word) => word.replaceAll(pidReference, String(pid)))
    const asked = launch(argv, this.#env, { detached: false, timeout: graceMs })
    if (asked.pid !== undefined) this.#read(asked)
    const { failed } = await asked
    if (failed && this.#pid === pid) endGroup(pid)
  }

  /** The leader is gone: ends the rest, in the group or escaped from it, and waits until pipes and port are free. */
  async #clear(leader: number, closed: Promise<unknown>): Promise<void> {
    const isAlone = !killGroup(leader)
    const isClosed = await Promise.race([closed.then(() => true), pause(pipesMs, false, { ref: false })])
    if (isAlone && isClosed && !(await this.#isPortTaken())) {
      void killStragglers(leader, this.#marker)
      return
    }
    while ((await killStragglers(leader, this.#marker)) > 0) await pause(lookMs)
    const patience = performance.now() + portMs
    while ((await this.#isPortTaken()) && performance.now() < patience) await pause(lookMs)
  }

  async #isPortTaken(): Promise<boolean> {
    const { port } = this.#model
    return port !== null && (await isListening(port))
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  return code === null ? { type: 'killed', signal: signal ?? 'SIGKILL' } : { type: 'exited', code }
}
