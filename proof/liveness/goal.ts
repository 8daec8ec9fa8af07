import type { Graph } from '../graph.ts'
import type { Walked } from '../walk.ts'
import type { Edges } from './parts.ts'

/** What somebody waits for, by its number in `goals`. */
export class Goal implements Edges {
  readonly graph: Graph
  readonly #bit: number
  readonly #isRare: readonly boolean[]

  constructor({ graph, moves }: Walked, number: number) {
    this.graph = graph
    this.#bit = 1 << number
    this.#isRare = moves.map((move) => move.isRare === true)
  }

  get nodes(): number {
    return this.graph.states
  }

  firstEdge(state: number): number {
    return this.graph.firstEdge(state)
  }

  endOfEdges(state: number): number {
    return this.graph.endOfEdges(state)
  }

  /** Undefined when the move reaches the goal, or cannot be part of what goes on for ever. */
  target(edge: number): number | undefined {
    const { gains, move, to } = this.graph
    return gains.at(edge) & this.#bit || this.#isRare[move.at(edge)] ? undefined : to.at(edge)
  }

  /** The states in which somebody waits. */
  *waiting(): Generator<number> {
    const { states, needs } = this.graph
    for (let state = 0; state < states; state++) if (needs.at(state) & this.#bit) yield state
  }

  /** The duty that this move fulfils, as a bit; 0 for none. */
  duty(edge: number): number {
    const duty = this.graph.duty.at(edge)
    return duty === 0 ? 0 : 1 << (duty - 1)
  }

  /** The duties that the world has in this state. */
  duties(state: number): number {
    let duties = 0
    for (let edge = this.firstEdge(state); edge < this.endOfEdges(state); edge++) duties |= this.duty(edge)
    return duties
  }
}
