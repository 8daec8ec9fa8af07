import { macroReference } from '../references.ts'
import { Cycles } from './cycles.ts'
import type { Macro } from './declare.ts'

/**
 * The macros that can be used at some place, in the order of §6.4: what comes later hides what has the same name, and takes
 * its position.
 */
export class Scope {
  readonly #macros: ReadonlyMap<string, Macro>
  readonly #positions: ReadonlyMap<string, number>
  readonly #cycles = new Cycles((macro) => this.referredIn(macro.value.text))

  constructor(macros: readonly Macro[]) {
    // A map keeps the position of a key that is set again.
    this.#macros = new Map(macros.map((macro) => [macro.name, macro]))
    this.#positions = new Map([...this.#macros.keys()].map((name, position) => [name, position]))
  }

  get names(): readonly string[] {
    return [...this.#macros.keys()]
  }

  has(name: string): boolean {
    return this.#macros.has(name)
  }

  /** The macros that a text refers to. */
  referredIn(text: string): readonly Macro[] {
    const names = new Set([...text.matchAll(macroReference)].map(([, name]) => name!))
    return [...names].flatMap((name) => this.#macros.get(name) ?? [])
  }

  positionOf({ name }: Macro): number {
    return this.#positions.get(name) ?? -1
  }

  /** Macros that refer to each other in a circle and would be needed for the text, beginning with the first declared. */
  cycleIn(text: string): readonly [Macro, ...Macro[]] | undefined {
    for (const macro of this.referredIn(text)) {
      const cycle = this.#cycles.reachedFrom(macro)
      if (!cycle) continue
      const first = cycle.reduce((a, b) => (this.positionOf(b) < this.positionOf(a) ? b : a))
      const index = cycle.indexOf(first)
      return [first, ...cycle.slice(index + 1), ...cycle.slice(0, index)]
    }
    return undefined
  }
}
