import { setTimeout as pause } from 'node:timers/promises'
import type { Line } from '../../machines/trace/frame.ts'

export interface FeedOptions {
  /** Lines that may wait for a slow taker: some ten megabytes. What comes beyond is dropped, and counted. */
  readonly limit?: number
  /** From the first waiting line to the taking: what comes meanwhile is taken together. */
  readonly lingerMs?: number
}

/** Lines that are turned into text in one go: a millisecond of the event loop. */
const batchSize = 1_000

/**
 * The trace on its way to somebody slower than memory. Putting a line in never waits. A taker that cannot keep up misses
 * lines, is told how many, and goes on with the beginning of a new run, so that what it has can be replayed all the same.
 */
export class Feed {
  readonly #limit: number
  readonly #lingerMs: number
  #waiting: Line[] = []
  #dropped = 0
  #wantsBeginning = true
  #isClosed = false
  #wake = Promise.withResolvers<void>()
  readonly #closing = new AbortController()

  constructor({ limit = 50_000, lingerMs = 0 }: FeedOptions = {}) {
    this.#limit = limit
    this.#lingerMs = lingerMs
  }

  /** Whether the next line should be the beginning of a run. */
  get wantsBeginning(): boolean {
    return this.#wantsBeginning && this.#waiting.length <= this.#limit / 2
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The beginning of a run: a header, and a checkpoint unless nothing has happened yet. */
  begin(lines: readonly Line[]): void {
    if (this.#dropped > 0) this.#waiting.push({ type: 'dropped', lines: this.#dropped })
    this.#dropped = 0
    this.#wantsBeginning = false
    this.#waiting.push(...lines)
    this.#wake.resolve()
  }

  put(line: Line): void {
    if (this.#isClosed) return
    if (this.#dropped > 0 || this.#waiting.length >= this.#limit) {
      this.#dropped++
      this.#wantsBeginning = true
      return
    }
    if (this.#waiting.push(line) === 1) this.#wake.resolve()
  }

  /** Asks for the beginning of a run, to be had with the next input. */
  renew(): void {
    this.#wantsBeginning = true
  }

  /** So many lines were taken and came to nothing: what waits is of no use without them. */
  lose(taken: number): void {
    this.#dropped += taken + this.#waiting.length
    this.#waiting = []
    this.#wantsBeginning = true
  }

  /** Nothing more is put in; what waits can still be taken. */
  close(): void {
    this.#isClosed = true
    this.#closing.abort()
    this.#wake.resolve()
  }

  /** The lines in order, in batches, until it is closed. */
  async *batches(): AsyncGenerator<readonly Line[]> {
    for (;;) {
      await this.#wake.promise
      await this.#linger()
      while (this.#waiting.length > 0) yield this.#waiting.splice(0, batchSize)
      if (this.#isClosed) break
      this.#wake = Promise.withResolvers()
    }
    if (this.#dropped > 0) yield [{ type: 'dropped', lines: this.#dropped }]
  }

  async #linger(): Promise<void> {
    const { signal } = this.#closing
    if (this.#lingerMs > 0 && !signal.aborted)
      await pause(this.#lingerMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

/** Lines as they are written. */
export function textOf(lines: readonly Line[]): string {
  let text = ''
  for (const line of lines) text += `${JSON.stringify(line)}\n`
  return text
}
