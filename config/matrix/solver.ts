import type { MatrixSet, ModelId } from '../config.ts'
import { compile, membersOf, type Node, type Program, type State } from './program.ts'

/** The heaviest member of the sets that holds a model, the first of them when several weigh the same. */
export type Solution =
  | { readonly type: 'found'; readonly set: string; readonly members: ReadonlySet<ModelId>; readonly weight: number }
  /** No set holds the model. */
  | { readonly type: 'none' }
  /** The sets combine in too many ways to compare. */
  | { readonly type: 'too many' }

/** Finds the member that holds `model` and the most `weights`. Models without a weight count nothing. */
export type Solver = (model: ModelId, weights: ReadonlyMap<ModelId, number>) => Solution

/**
 * How many states one question may look at. A hundred thousand take some tens of milliseconds (`bench/matrix.ts`), and
 * only sets that share many running models between the sides of an `&` get there.
 */
const defaultLimit = 100_000
/** A long list of plain sets has many states and no combinations: it is read to its end. */
const statesPerNode = 10

/**
 * Makes a solver for sets that come in dependency order (§12.4).
 *
 * It never enumerates a family. Bottom up, members are merged that nothing outside can tell apart: those that hold the
 * same of the models which also stand on another side of an `&`. In `(a | b | c) & (c | d)` these are `a` and `b`, but
 * not `c`. Of each kind only the heaviest counts, and the first of equals, because whatever the rest of the expression
 * adds, it adds to all of them alike. So alternatives that share no models cost nothing to combine.
 */
export function makeSolver(sets: readonly MatrixSet[], limit = defaultLimit): Solver {
  const program = compile(sets)
  const most = Math.max(limit, statesPerNode * program.size)
  return (model, weights) => {
    const bit = program.bits.get(model)
    return bit === undefined ? { type: 'none' } : new Question(program, bit, weights, most).answer()
  }
}

class Question {
  readonly #program: Program
  readonly #target: bigint
  /** The models that make a difference. */
  readonly #relevant: bigint
  readonly #weights: ReadonlyMap<bigint, number>
  /** By set, and by what is open around it. */
  readonly #known: Map<bigint, readonly State[]>[]
  #left: number

  constructor(program: Program, target: bigint, weights: ReadonlyMap<ModelId, number>, limit: number) {
    this.#program = program
    this.#target = target
    this.#weights = new Map(
      [...weights].flatMap(([model, weight]) => {
        const bit = program.bits.get(model)
        return bit === undefined || bit === target ? [] : [[bit, weight]]
      }),
    )
    this.#relevant = [...this.#weights.keys()].reduce((models, bit) => models | bit, target)
    this.#known = program.sets.map(() => new Map())
    this.#left = limit
  }

  answer(): Solution {
    const most = this.#weigh(this.#relevant)
    let best: { set: string; state: State } | undefined
    for (const { id, node } of this.#program.sets) {
      if ((node.models & this.#target) === 0n) continue
      const state = this.#statesOf(node, this.#target).find(({ open }) => open === this.#target)
      if (this.#left < 0) return { type: 'too many' }
      if (state && (!best || state.weight > best.state.weight)) best = { set: id, state }
      if (best?.state.weight === most) break
    }
    if (!best) return { type: 'none' }
    return { type: 'found', set: best.set, members: membersOf(best.state), weight: best.state.weight }
  }

  /**
   * The members of a family that differ by the models in `open`, in the order of the family: the heaviest of each kind.
   * Whatever it returns once nothing is left to spend means nothing.
   */
  #statesOf(node: Node, around: bigint): readonly State[] {
    if ((node.models & this.#relevant) === 0n) return [node.first]
    const open = node.models & around & this.#relevant
    switch (node.type) {
      case 'model':
        return [open === 0n ? { ...node.first, weight: this.#weigh(node.models) } : { ...node.first, open }]
      case 'set':
        return this.#statesOfSet(node.set, open)
      case 'any':
        return this.#merge(node.of.flatMap((part) => this.#statesOf(part, open)))
      case 'all':
        return this.#statesOfAll(node.of, open)
    }
  }

  #statesOfSet(set: number, open: bigint): readonly State[] {
    const known = this.#known[set]!
    const states = known.get(open) ?? this.#statesOf(this.#program.sets[set]!.node, open)
    known.set(open, states)
    return states
  }

  /** Unites the parts from the left. A model that no part further right holds is closed, and weighs from then on. */
  #statesOfAll(parts: readonly Node[], open: bigint): readonly State[] {
    const outside = new Array<bigint>(parts.length).fill(open)
    for (let place = parts.length - 2; place >= 0; place--) {
      outside[place] = outside[place + 1]! | parts[place + 1]!.models
    }
    let models = parts[0]!.models
    let states = this.#statesOf(parts[0]!, outside[0]!)
    for (let place = 1; place < parts.length; place++) {
      const part = parts[place]!
      const right = this.#statesOf(part, outside[place]! | models)
      models |= part.models
      states = this.#unite(states, right, outside[place]!)
    }
    return states
  }

  #unite(left: readonly State[], right: readonly State[], outside: bigint): readonly State[] {
    const united = new Map<bigint, State>()
    for (const a of left) {
      for (const b of right) {
        if (this.#left-- <= 0) return []
        const models = a.open | b.open
        const open = models & outside
        keep(united, { open, weight: a.weight + b.weight + this.#weigh(models ^ open), origin: [a, b] })
      }
    }
    return [...united.values()]
  }

  #merge(states: readonly State[]): readonly State[] {
    const merged = new Map<bigint, State>()
    for (const state of states) {
      if (this.#left-- <= 0) return []
      keep(merged, state)
    }
    return [...merged.values()]
  }

  #weigh(models: bigint): number {
    const single = models === 0n ? 0 : this.#weights.get(models)
    if (single !== undefined) return single
    let sum = 0
    for (const [bit, weight] of this.#weights) if ((models & bit) !== 0n) sum += weight
    return sum
  }
}

/** Of states with the same open models the heaviest is kept, where it stands; of equals the first. */
function keep(states: Map<bigint, State>, state: State): void {
  const known = states.get(state.open)
  if (known && known.weight >= state.weight) return
  states.delete(state.open)
  states.set(state.open, state)
}
