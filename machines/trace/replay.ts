import type { Engine } from '../engine.ts'
import { type Ledger, openLedger } from '../policy/ledger.ts'
import { noSettings } from '../policy/settings.ts'
import type { routerMachine } from '../router.ts'
import type { Difference } from './difference.ts'
import type { Checkpoint, Header, Line } from './frame.ts'
import { isInput, isOutput, Parser } from './parse.ts'
import { Run } from './run.ts'

export interface ReplayOptions {
  /** Other machines than the real ones: to see that a trace finds a bug. */
  readonly machine?: typeof routerMachine
  /** Hears of every line once it has taken effect, with the engine that it happened to. */
  readonly onLine?: (line: Line, engine: Engine) => void
  /** Hears of every engine before anything happens to it: one for each run. */
  readonly onRun?: (engine: Engine) => void
}

/** A trace that happens again, line by line, in the real machines. */
export class Replay {
  /** Lines that the trace itself says are missing. */
  dropped = 0
  runs = 0
  readonly #parser = new Parser()
  readonly #options: ReplayOptions
  #run: Run | undefined
  #header: Header | undefined
  #gap = 0

  constructor(options: ReplayOptions = {}) {
    this.#options = options
  }

  /** How many lines have been taken. */
  get lines(): number {
    return this.#parser.line
  }

  /** What the scheduler knows after the last line. */
  ledger(): Ledger {
    return this.#run?.engine.ledger() ?? openLedger(this.#header?.settings ?? noSettings)
  }

  /**
   * Takes the next line.
   * @returns how the machines depart from it. The replay is over then.
   * @throws TraceError
   */
  take(text: string): Difference | undefined {
    if (!this.#options.onLine && this.#run?.hears(text)) {
      this.#parser.pass()
      return undefined
    }
    const line = this.#parser.parse(text)
    const difference = this.#follow(line, text)
    if (!difference && this.#run) this.#options.onLine?.(line, this.#run.engine)
    return difference
  }

  /** The trace is over. When its last line is cut off, what else the machines would say is no difference. */
  end({ isCut = false } = {}): Difference | undefined {
    return isCut ? undefined : this.#run?.finish(this.lines + 1, null)
  }

  #follow(line: Line, text: string): Difference | undefined {
    if (isOutput(line)) return this.#current().hear(this.lines, line, text)
    if (isInput(line)) return this.#current().tell(this.lines, line, text)
    if (line.type === 'dropped') this.#run?.abandon()
    const rest = this.#run?.finish(this.lines, text)
    if (rest) return rest
    switch (line.type) {
      case 'trace':
        this.#header = line
        this.#run = undefined
        this.#gap = 0
        this.runs++
        return undefined
      case 'checkpoint':
        if (this.#run) return this.#run.compare(this.lines, line, text)
        this.#run = this.#open(line)
        return undefined
      case 'dropped':
        this.dropped += line.lines
        this.#gap = line.lines
        return undefined
    }
  }

  #current(): Run {
    if (this.#gap > 0) {
      throw this.#parser.error(
        `${this.#gap} lines are missing before this one, so nothing that follows can be replayed`,
      )
    }
    this.#run ??= this.#open()
    return this.#run
  }

  #open(from?: Checkpoint): Run {
    const { settings, at } = this.#header!
    try {
      const run = new Run(settings, at, { from, machine: this.#options.machine })
      this.#options.onRun?.(run.engine)
      run.start()
      return run
    } catch (cause) {
      throw this.#parser.error(`the run cannot begin from this state: ${String(cause)}`, cause)
    }
  }
}
