import type { Ledger } from '../policy/ledger.ts'
import type { Settings } from '../policy/settings.ts'
import { ledgerAt } from '../trace/checkpoint.ts'
import type { Checkpoint, Header, Line } from '../trace/frame.ts'
import type { Input, Output } from '../trace/lines.ts'
import { isInput, isOutput } from '../trace/parse.ts'
import type { Control, Past } from './past.ts'
import { StoryBook } from './stories.ts'
import { VisitBook } from './visits.ts'

/**
 * Gathers from a trace what the outside world did. A run that goes on with a checkpoint goes on with the past of the run
 * before: so files that were written one after the other, and gaps, are one past. A run without one is another life.
 */
export class Gatherer {
  readonly #lives: Life[] = []
  #header: Header | undefined

  take(line: Line): void {
    if (isInput(line) || isOutput(line)) {
      this.#begin()
      this.#lives.at(-1)?.note(line)
      return
    }
    switch (line.type) {
      case 'trace':
        this.#header = line
        return
      case 'checkpoint':
        this.#goOn(line)
        return
      case 'dropped':
        return
    }
  }

  pasts(): readonly Past[] {
    return this.#lives.map((life) => life.past())
  }

  /** What follows a header happens to a fresh system. */
  #begin(): void {
    if (this.#header) this.#lives.push(new Life(this.#header))
    this.#header = undefined
  }

  #goOn(checkpoint: Checkpoint): void {
    const header = this.#header
    if (this.#lives.length === 0) this.#begin()
    this.#header = undefined
    const life = this.#lives.at(-1)
    if (header) life?.configure(header.settings, header.at)
    const ledger = ledgerAt(checkpoint)
    if (ledger) life?.meet(ledger, header?.at)
  }
}

/** The gathering of one past. */
class Life {
  readonly #visits = new VisitBook()
  readonly #stories = new StoryBook()
  readonly #controls: Control[] = []
  readonly #header: Header
  /** In force. */
  #settings: Settings
  #now: number

  constructor(header: Header) {
    this.#header = header
    this.#settings = header.settings
    this.#now = header.at
    this.#stories.configure(header.settings)
  }

  /** Settings that are in force. If they were not, there was a reload, seen or not. */
  configure(settings: Settings, at: number): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return
    this.#settings = settings
    this.#stories.configure(settings)
    this.#controls.push({ type: 'config.changed', settings, at })
  }

  meet(ledger: Ledger, at = this.#now): void {
    this.#visits.meet(ledger, at)
    this.#stories.meet(ledger)
  }

  note(line: Input | Output): void {
    if (isInput(line)) this.#now = line.at
    this.#visits.note(line, this.#now)
    this.#stories.note(line, this.#now)
    if (line.type === 'unload') this.#controls.push({ type: 'unload', models: line.models, at: line.at })
    if (line.type === 'config.changed') this.configure(line.settings, line.at)
    if (line.type === 'shutdown') this.#controls.push({ type: 'shutdown', budgetMs: line.budgetMs, at: line.at })
  }

  past(): Past {
    const { settings, at } = this.#header
    const visits = this.#visits.visits()
    return {
      settings,
      begin: Math.min(at, visits[0]?.at ?? at),
      end: this.#now,
      visits,
      stories: this.#stories.stories(),
      controls: this.#controls,
    }
  }
}
