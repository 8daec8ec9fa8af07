/** A growing row of small numbers. */
class Row<T extends Uint8Array | Uint32Array> {
  #numbers: T
  length = 0

  constructor(numbers: T) {
    this.#numbers = numbers
  }

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const larger = new (this.#numbers.constructor as new (length: number) => T)(this.length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.length++] = number
  }

  at(index: number): number {
    return this.#numbers[index]!
  }
}

const small = () => new Row(new Uint8Array(1024))
const large = () => new Row(new Uint32Array(1024))

/** What somebody waits for in a state, as bits of `needs`; and what a move brings about, as bits of `gains`. */
export const goals = [
  'the oldest request is answered',
  'the oldest unload is answered',
  'the shutdown is over',
] as const

/**
 * All that the walk has seen: the states in the order of their discovery, and the moves between them. Numbers in flat rows,
 * because there are millions.
 */
export class Graph {
  /** For each state: which of the goals somebody has. */
  readonly needs = small()
  /** For each state: where it was discovered from, and by which move. The first was not: both are 0. */
  readonly parent = large()
  readonly parentMove = small()
  readonly #firstEdge = large()

  /** For each edge: where it leads to, by which move, which duty that fulfils (one more than its number, or 0), and which goals. */
  readonly to = large()
  readonly move = small()
  readonly duty = small()
  readonly gains = small()

  get states(): number {
    return this.needs.length
  }

  get edges(): number {
    return this.to.length
  }

  discover(parent: number, move: number, needs: number): void {
    this.parent.push(parent)
    this.parentMove.push(move)
    this.needs.push(needs)
  }

  /** The edges that follow are those of the next state. */
  expand(): void {
    this.#firstEdge.push(this.edges)
  }

  connect(to: number, move: number, duty: number, gains: number): void {
    this.to.push(to)
    this.move.push(move)
    this.duty.push(duty)
    this.gains.push(gains)
  }

  firstEdge(state: number): number {
    return this.#firstEdge.at(state)
  }

  endOfEdges(state: number): number {
    return state + 1 < this.#firstEdge.length ? this.#firstEdge.at(state + 1) : this.edges
  }

  /** The moves that lead from the first state to this one, and no fewer do. */
  pathTo(state: number): readonly number[] {
    const moves: number[] = []
    for (let at = state; at !== 0; at = this.parent.at(at)) moves.push(this.parentMove.at(at))
    return moves.reverse()
  }
}
