import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import type { Loaded } from '../../config/load.ts'
import { ConfigError, formatProblems, type Problem } from '../../config/problem.ts'
import type { Logs } from '../logs/logs.ts'
import { type Difference, describe, differenceOf } from './difference.ts'
import { restartsOf } from './restart.ts'
import type { Source } from './source.ts'

/** What is still being written after so many looks is read all the same. */
const mostLooks = 50

/** What became of the last attempt to read the configuration. */
export interface Attempt {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly isOk: boolean
  /** What is wrong when it is not ok, and otherwise what is doubtful. */
  readonly problems: readonly Problem[]
}

export interface ReloaderOptions {
  readonly source: Source
  readonly logs: Logs
  /** What was doubtful in the configuration that is in force at the start. */
  readonly warnings: readonly Problem[]
  now(): number
  /** The configuration in force. */
  current(): Config
  /** Puts a configuration in force, in one step. It is different from the one that is. */
  apply(config: Config, difference: Difference): void
  /** How long the files must stay as they are before they are read, as something may be writing them. Default 100 ms. */
  readonly settleMs?: number
  /** After what looks like half a file, and before it is believed. Default 500 ms: no editor takes so long. */
  readonly rereadMs?: number
}

/**
 * Reads the configuration again when it is asked to. Requests that come during a reload make for one more after it, so that
 * whatever was written last is what counts in the end. A configuration that cannot be used changes nothing.
 */
export class Reloader {
  readonly #options: ReloaderOptions
  readonly #closing = new AbortController()
  #running: Promise<void> | undefined
  #again = false
  #last: Attempt
  #loadedAt: number
  #generation = 1

  constructor(options: ReloaderOptions) {
    this.#options = options
    this.#loadedAt = options.now()
    this.#last = { at: this.#loadedAt, isOk: true, problems: options.warnings }
  }

  get source(): string {
    return this.#options.source.name
  }

  get last(): Attempt {
    return this.#last
  }

  /** When the configuration in force was put in force; milliseconds since the epoch. */
  get loadedAt(): number {
    return this.#loadedAt
  }

  /** 1 for the configuration of the start, one more for each that was put in force. */
  get generation(): number {
    return this.#generation
  }

  /** Resolves when what was written at the time of the call has been put in force, or found to be of no use. */
  reload(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** From now on nothing is put in force any more. */
  close(): void {
    this.#closing.abort()
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false
      try {
        await this.#attempt()
      } catch (error) {
        if (!this.#closing.signal.aborted) throw error
      }
    }
  }

  async #attempt(): Promise<void> {
    await this.#settle()
    let read = this.#read()
    if (this.#isDoubtful(read)) {
      await this.#pause(this.#options.rereadMs ?? 500)
      await this.#settle()
      read = this.#read()
    }
    this.#closing.signal.throwIfAborted()
    const at = this.#options.now()
    if (read instanceof ConfigError) this.#refuse(read, at)
    else this.#adopt(read, at)
  }

  /** Waits until the files have stopped changing. */
  async #settle(): Promise<void> {
    const { source, settleMs = 100 } = this.#options
    let digest = await source.digest()
    for (let looks = 0; looks < mostLooks; looks++) {
      await this.#pause(settleMs)
      const next = await source.digest()
      if (next === digest) return
      digest = next
    }
  }

  #read(): Loaded | ConfigError {
    try {
      return this.#options.source.load()
    } catch (error) {
      if (error instanceof ConfigError) return error
      // Whatever is written in a file, and however it fails to be read: what runs goes on.
      const place = { file: this.source, line: 0, column: 0 }
      return new ConfigError([{ place, path: '', message: `hotseat failed to read it: ${String(error)}` }])
    }
  }

  /** What half a file looks like: a mistake, or nothing at all. */
  #isDoubtful(read: Loaded | ConfigError): boolean {
    return read instanceof ConfigError || (read.config.models.size === 0 && this.#options.current().models.size > 0)
  }

  #refuse({ problems }: ConfigError, at: number): void {
    this.#last = { at, isOk: false, problems }
    const { logs } = this.#options
    logs.error(`${this.source} was not reloaded, everything goes on as before:\n${formatProblems(problems)}`)
  }

  #adopt({ config, warnings }: Loaded, at: number): void {
    const { logs, apply, current } = this.#options
    const difference = differenceOf(current(), config)
    const restarts = restartsOf(current(), config)
    this.#last = { at, isOk: true, problems: warnings }
    if (warnings.length > 0) logs.warn(formatProblems(warnings))
    if (!difference) {
      logs.debug(`${this.source} was read again and means the same: nothing changes`)
      return
    }
    this.#loadedAt = at
    this.#generation++
    logs.info(`${this.source} was reloaded: ${describe(difference)}`)
    if (restarts.length > 0) logs.warn(`What is new in ${restarts.join(', ')} takes effect at the next start`)
    apply(config, difference)
  }

  #pause(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.#closing.signal })
  }
}
