import type { Macro } from './declare.ts'

/** Finds macros that need each other. Without recursion: a hostile file can chain any number of them. */
export class Cycles {
  readonly #needs: (macro: Macro) => readonly Macro[]
  /** What was found from each macro that was walked through; null for no cycle. */
  readonly #found = new Map<Macro, readonly Macro[] | null>()

  constructor(needs: (macro: Macro) => readonly Macro[]) {
    this.#needs = needs
  }

  /** A cycle that the macro is in or leads to. */
  reachedFrom(start: Macro): readonly Macro[] | null {
    const found = this.#found.get(start)
    if (found !== undefined) return found

    const trail = [start]
    const unseen = [[...this.#needs(start)]]
    const isOnTrail = new Set(trail)
    for (;;) {
      const next = unseen.at(-1)?.pop()
      if (next === undefined) {
        const done = trail.pop()
        if (done === undefined) return null
        unseen.pop()
        isOnTrail.delete(done)
        this.#found.set(done, null)
        continue
      }
      const cycle = isOnTrail.has(next) ? trail.slice(trail.indexOf(next)) : this.#found.get(next)
      if (cycle) {
        for (const macro of trail) this.#found.set(macro, cycle)
        return cycle
      }
      if (cycle === undefined) {
        trail.push(next)
        unseen.push([...this.#needs(next)])
        isOnTrail.add(next)
      }
    }
  }
}
