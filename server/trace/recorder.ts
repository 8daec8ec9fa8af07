import { setTimeout as pause } from 'node:timers/promises'
import type { Recording } from '../../config/recording.ts'
import type { Line } from '../../machines/trace/frame.ts'
import { Feed, textOf } from './feed.ts'
import { TraceFile } from './file.ts'
import type { FlightRecorder } from './flight.ts'

export interface RecorderOptions {
  /** Hears of a disk that fails, and when it is well again. */
  onTrouble(message: string): void
  /** From a failure to the next attempt. Default 10 s: a full disk does not empty itself sooner. */
  readonly retryMs?: number
  /** Lines that may wait for the disk: see `Feed`. */
  readonly limit?: number
}

/** From a line to the disk: what comes within is written together. A crash costs this much of the recording. */
const lingerMs = 200

/** Writes the trace to files, beside everything else: the event loop never waits for the disk. */
export class Recorder {
  readonly #recording: Recording
  readonly #options: RecorderOptions
  readonly #feed: Feed
  readonly #unfollow: () => void
  readonly #done: Promise<void>
  /** The next file has been asked for, and begins with the next run. */
  #isFull = false
  #isInTrouble = false

  private constructor(flight: FlightRecorder, recording: Recording, file: TraceFile, options: RecorderOptions) {
    this.#recording = recording
    this.#options = options
    this.#feed = new Feed({ lingerMs, ...(options.limit !== undefined && { limit: options.limit }) })
    this.#unfollow = flight.follow(this.#feed)
    this.#done = this.#record(file)
  }

  /** @throws when the file cannot be written at all */
  static async start(flight: FlightRecorder, recording: Recording, options: RecorderOptions): Promise<Recorder> {
    const { path, isGzipped } = recording
    try {
      return new Recorder(flight, recording, await TraceFile.open(path, isGzipped), options)
    } catch (cause) {
      throw new Error(`the trace cannot be recorded to ${path}: ${String(cause)}`, { cause })
    }
  }

  /** Writes what is left. */
  close(): Promise<void> {
    this.#unfollow()
    return this.#done
  }

  async #record(first: TraceFile): Promise<void> {
    let file: TraceFile | null = first
    for await (const batch of this.#feed.batches()) {
      try {
        file = await this.#write(batch, file)
        this.#recover()
      } catch (error) {
        await file?.close().catch(() => {})
        file = null
        await this.#despair(batch, error)
      }
    }
    await file?.close().catch(() => {})
  }

  /** Returns the file that the next batch goes to. */
  async #write(batch: readonly Line[], current: TraceFile | null): Promise<TraceFile> {
    const { path, maxBytes, isGzipped } = this.#recording
    let file = current ?? (await TraceFile.open(path, isGzipped))
    const next = this.#isFull ? batch.findIndex(({ type }) => type === 'trace') : -1
    await file.write(textOf(next < 0 ? batch : batch.slice(0, next)))
    if (next >= 0) {
      await file.close()
      file = await TraceFile.open(path, isGzipped)
      await file.write(textOf(batch.slice(next)))
      this.#isFull = false
    }
    if (file.bytes >= maxBytes && !this.#isFull) {
      this.#isFull = true
      this.#feed.renew()
    }
    return file
  }

  /** What was taken is lost. Tries again later, with the beginning of a run. */
  async #despair(batch: readonly Line[], error: unknown): Promise<void> {
    const { path } = this.#recording
    if (!this.#isInTrouble) {
      this.#options.onTrouble(`the trace cannot be recorded to ${path} and is dropped meanwhile: ${String(error)}`)
    }
    this.#isInTrouble = true
    this.#isFull = false
    this.#feed.lose(batch.length)
    if (!this.#feed.isClosed) await pause(this.#options.retryMs ?? 10_000, undefined, { ref: false })
  }

  #recover(): void {
    if (this.#isInTrouble) this.#options.onTrouble(`the trace is recorded to ${this.#recording.path} again`)
    this.#isInTrouble = false
  }
}
