import { byCodePoint } from '../../config/order.ts'
import type { Settings } from '../policy/settings.ts'
import { ledgerAt } from '../trace/checkpoint.ts'
import type { Line } from '../trace/frame.ts'
import { isInput, isOutput } from '../trace/parse.ts'
import { Counter, type Figures } from './figures.ts'
import { Gatherer } from './gather.ts'
import { type Past, reloadsOf, underThroughout } from './past.ts'
import { simulate } from './simulate.ts'

/** One history, thrice. */
export interface Compared {
  /** As it was. */
  readonly recorded: Figures
  /**
   * As the simulation has it under the settings that it was recorded with, reloads included: how far from `recorded` it is
   * says what it is worth.
   */
  readonly repeated: Figures
  /** As it would have been, had the other settings held throughout. */
  readonly other: Figures
  /** How often the settings changed while it was recorded: of that, `other` knows nothing. */
  readonly reloads: number
  /** Models that were asked for and that the other settings do not have, ascending: their clients are refused. */
  readonly missing: readonly string[]
}

/** What a recorded history would have been under other settings. Takes the lines of a trace, of several files one after the other. */
export class Comparison {
  readonly #gatherer = new Gatherer()
  readonly #counter = new Counter()
  #isFresh = false
  #hasBegun = false

  take(line: Line): void {
    this.#gatherer.take(line)
    if (isInput(line) || isOutput(line)) {
      if (this.#isFresh) this.#counter.restart()
      this.#isFresh = false
      this.#hasBegun = true
      if (isInput(line)) this.#counter.input(line)
      else this.#counter.output(line)
    } else if (line.type === 'trace') this.#isFresh = true
    else if (line.type === 'checkpoint') {
      this.#isFresh = false
      const ledger = ledgerAt(line)
      if (ledger && !this.#hasBegun) this.#counter.meet(ledger)
      this.#hasBegun = true
    }
  }

  under(settings: Settings): Compared {
    const repeated = new Counter()
    const other = new Counter()
    const pasts = this.#gatherer.pasts()
    for (const past of pasts) {
      repeated.restart()
      simulate(past, repeated)
      other.restart()
      simulate(underThroughout(past, settings), other)
    }
    return {
      recorded: this.#counter.figures(),
      repeated: repeated.figures(),
      other: other.figures(),
      reloads: pasts.reduce((sum, past) => sum + reloadsOf(past), 0),
      missing: missingIn(settings, pasts),
    }
  }
}

function missingIn({ models }: Settings, pasts: readonly Past[]): readonly string[] {
  const asked = new Set(pasts.flatMap(({ visits }) => visits.map(({ model }) => model)))
  for (const { id } of models) asked.delete(id)
  return [...asked].sort(byCodePoint)
}
