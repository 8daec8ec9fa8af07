import type { Config, LogLevel, LogToStdout, ModelId } from '../../config/config.ts'
import { Log } from './log.ts'
import { formatTime } from './time.ts'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

type Style = Pick<Config, 'logLevel' | 'logTimeFormat'>

/** Where everything that is said ends up (server §20): hotseat's own lines, the models' output, and both combined. */
export class Logs {
  readonly combined = new Log()
  /** hotseat's own lines. */
  readonly proxy = new Log()
  /** The output of all processes, unprefixed. */
  readonly upstream = new Log()
  readonly #models = new Map<ModelId, Log>()
  readonly #stdout: (chunk: Buffer) => void
  readonly #to: LogToStdout
  #style: Style

  constructor(settings: Style & Pick<Config, 'logToStdout'>, stdout: (chunk: Buffer) => void) {
    this.#stdout = stdout
    this.#style = settings
    this.#to = settings.logToStdout
  }

  /** What is kept from now on, and how it is written. Where it goes to stays as it was at the start (config §14.2). */
  follow(style: Style): void {
    this.#style = style
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

  /** Something about a model, in its own log as well: whoever looks for what is wrong with it looks there. */
  warnOf(model: ModelId, message: string): void {
    this.of(model).append(Buffer.from(`[WARN] ${message}\n`))
    this.warn(message)
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
    const { logLevel, logTimeFormat } = this.#style
    if (levels.indexOf(level) < levels.indexOf(logLevel)) return
    const time =
      logTimeFormat === null ? '' : `${formatTime(logTimeFormat, performance.timeOrigin + performance.now())} `
    const line = Buffer.from(`${time}[${level.toUpperCase()}] ${message}\n`)
    this.proxy.append(line)
    if (this.#to === 'proxy' || this.#to === 'both') this.#combine(line)
  }

  #combine(chunk: Buffer): void {
    this.combined.append(chunk)
    this.#stdout(chunk)
  }
}
