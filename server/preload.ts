import type { ModelId } from '../config/config.ts'
import { type Desk, RefusedError } from './desk.ts'
import type { Logs } from './logs/logs.ts'
import { type Diagnosis, explain } from './refusal.ts'

/** What preloading needs of the server. */
export interface Surroundings {
  readonly desk: Desk
  readonly logs: Logs
  readonly diagnosis: Diagnosis
}

/**
 * Loads models before anybody asks for them, one after the other, so that a later one may take the place of an earlier one
 * (config §7.8). A model is preloaded once its process is ready (server W37): it is asked for like any request, and given
 * back at once.
 */
export class Preloader {
  readonly #server: Surroundings
  readonly #closing = new AbortController()
  readonly #waiting = new Set<ModelId>()
  #isRunning = false

  constructor(server: Surroundings) {
    this.#server = server
  }

  /** Puts the models behind those that still wait. */
  preload(models: readonly ModelId[]): void {
    for (const model of models) this.#waiting.add(model)
    if (!this.#isRunning) void this.#run()
  }

  /** Withdraws what is under way. */
  close(): void {
    this.#waiting.clear()
    this.#closing.abort()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (const model of this.#waiting) {
      this.#waiting.delete(model)
      await this.#load(model)
    }
    this.#isRunning = false
  }

  async #load(model: ModelId): Promise<void> {
    const { desk, logs, diagnosis } = this.#server
    try {
      using _lease = await desk.acquire(model, this.#closing).lease
      logs.info(`Preloaded ${model}`)
    } catch (error) {
      if (this.#closing.signal.aborted) return
      const message = error instanceof RefusedError ? explain(model, error.refusal, diagnosis).message : String(error)
      logs.warn(`Could not preload ${model}: ${message}`)
    }
  }
}
