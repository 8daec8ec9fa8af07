import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Model } from '../config/config.ts'
import type { Exit } from '../machines/child.ts'
import { environmentOf } from './environment.ts'
import { endGroup, killGroup } from './group.ts'
import type { Guardian } from './guardian.ts'
import { launch } from './launch.ts'
import { isListening } from './port.ts'
import { killStragglers } from './stragglers.ts'

/** What a child says of itself. `exited` is its last word and is said once. */
export interface ChildListener {
  spawned(pid: number): void
  exited(exit: Exit): void
  output(chunk: Buffer): void
  /** Its `cmdStop` did not do it, so that a signal is sent instead. */
  unstopped(exit: Exit): void
}

/** Between the exit of a process and the end of its pipes: longer means that somebody else holds them. */
const pipesMs = 50
/** From one look at what is left of a life to the next. */
const lookMs = 10
/** How long a port may stay open after everything of the life that had it is gone. */
const portMs = 1_000

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

    const launched = await launch(argv, this.#env, { detached: process.platform !== 'win32' })
    if (launched.type === 'unspawned') return launched
    const { pid, program, exited, closed } = launched

    this.#guardian.add(pid)
    this.#pid = pid
    this.#read(program)
    this.#listener.spawned(pid)

    const exit = await exited
    await this.#clear(pid, closed)
    program.stdout.destroy()
    program.stderr.destroy()
    this.#pid = undefined
    this.#guardian.remove(pid)
    return exit
  }

  #read({ stdout, stderr }: { readonly stdout: Readable; readonly stderr: Readable }): void {
    for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => this.#listener.output(chunk))
  }

  /** Asks politely: by the model's own command, else by signal. */
  async #ask(pid: number, graceMs: number): Promise<void> {
    const { stopArgv } = this.#model
    if (stopArgv === null) {
      endGroup(pid)
      return
    }
    const argv = stopArgv.map((word) => word.replaceAll(pidReference, String(pid)))
    const asked = await launch(argv, this.#env, { detached: false, timeout: graceMs })
    if (asked.type === 'running') this.#read(asked.program)
    const exit = asked.type === 'running' ? await asked.exited : asked
    if ((exit.type === 'exited' && exit.code === 0) || this.#pid !== pid) return
    this.#listener.unstopped(exit)
    endGroup(pid)
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
