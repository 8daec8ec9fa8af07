import type { LogLevel, LogToStdout, ModelId } from '../../config/config.ts'
import { Log } from './log.ts'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Where everything that is said ends up (server §20): hotseat's own lines, the models' output, and both combined. */
export class Logs {
  readonly combined = new Log()
  /** hotseat's own lines. */
  readonly proxy = new Log()
  /** The output of all processes, unprefixed. */
  readonly upstream = new Log()
  readonly #models = new Map<ModelId, Log>()
  readonly #stdout: (chunk: Buffer) => void
  #level: LogLevel
  readonly #to: LogToStdout

  constructor(settings: { logLevel: LogLevel; logToStdout: LogToStdout }, stdout: (chunk: Buffer) => void) {
    this.#stdout = stdout
    this.#level = settings.logLevel
    this.#to = settings.logToStdout
  }

  /** What is kept from now on. Where it goes to stays as it was at the start (config §14.2). */
  follow({ logLevel }: { logLevel: LogLevel }): void {
    this.#level = logLevel
  }

  of(model: ModelId): Log {
    let log = this.#models.get(model)
    if (!log) {
      log = new Log()
      this.#models.set(model, log)
    }
    return log
  }

  /** Output of a model's process, passed through raw. */
  output(model: ModelId, chunk: Buffer): void {
    this.of(model).append(chunk)
    this.upstream.append(chunk)
    if (this.#to === 'upstream' || this.#to === 'both') this.#combine(chunk)
  }

  debug(message: string): void {
    this.#say('debug', message)
  }

  info(message: string): void {
    this.#say('info', message)
  }

  warn(message: string): void {
    this.#say('warn', message)
  }

  error(message: string): void {
    this.#say('error', message)
  }

  #say(level: LogLevel, message: string): void {
    if (levels.indexOf(level) < levels.indexOf(this.#level)) return
    const line = Buffer.from(`[${level.toUpperCase()}] ${message}\n`)
    this.proxy.append(line)
    if (this.#to === 'proxy' || this.#to === 'both') this.#combine(line)
  }

  #combine(chunk: Buffer): void {
    this.combined.append(chunk)
    this.#stdout(chunk)
  }
}
