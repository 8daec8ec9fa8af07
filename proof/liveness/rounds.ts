import type { Walked } from '../walk.ts'
import { Goal } from './goal.ts'
import { partsOf } from './parts.ts'

/**
 * How long the oldest request waits at most, in rounds: the time in which the world does, or no longer needs to do, all that it owed
 * when the round began. A round takes no longer than the longest of a response, a stop, a load, `maxWait` and `minTenure`.
 * Infinity when it may wait for ever.
 */
export function roundsOf(walked: Walked): number {
  const rounds = new Rounds(new Goal(walked, 0))
  return rounds.longest()
}

/** The graph of all pairs of a state and the duties of the round that are still to be done. */
class Rounds {
  readonly #goal: Goal
  readonly #numbers = new Map<number, number>()
  readonly #states: number[] = []
  readonly #owed: number[] = []
  readonly #firstEdge: number[] = []
  readonly #to: number[] = []
  /** Whether the move ends the round. */
  readonly #ends: boolean[] = []

  constructor(goal: Goal) {
    this.#goal = goal
    for (const state of goal.waiting()) this.#numberOf(state, goal.duties(state))
    for (let node = 0; node < this.#states.length; node++) this.#expand(node)
    this.#firstEdge.push(this.#to.length)
  }

  #numberOf(state: number, owed: number): number {
    const key = state * 2 ** 20 + owed
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#states.length)
    this.#states.push(state)
    this.#owed.push(owed)
    return this.#states.length - 1
  }

  #expand(node: number): void {
    const goal = this.#goal
    const state = this.#states[node]!
    this.#firstEdge.push(this.#to.length)
    for (let edge = goal.firstEdge(state); edge < goal.endOfEdges(state); edge++) {
      const target = goal.target(edge)
      if (target === undefined) continue
      const duties = goal.duties(target)
      const owed = this.#owed[node]! & duties & ~goal.duty(edge)
      this.#to.push(this.#numberOf(target, owed === 0 ? duties : owed))
      this.#ends.push(owed === 0)
    }
  }

  /** The most rounds on any way: the last one ends with the goal. */
  longest(): number {
    const graph = {
      nodes: this.#states.length,
      firstEdge: (node: number) => this.#firstEdge[node]!,
      endOfEdges: (node: number) => this.#firstEdge[node + 1]!,
      target: (edge: number) => this.#to[edge]!,
    }
    const part = new Uint32Array(graph.nodes)
    const most: number[] = [0]
    for (const nodes of partsOf(graph, this.#states.keys())) {
      for (const node of nodes) part[node] = most.length
      let longest = 1
      for (const node of nodes) {
        for (let edge = graph.firstEdge(node); edge < graph.endOfEdges(node); edge++) {
          const target = part[graph.target(edge)]!
          const ends = this.#ends[edge]!
          if (target === most.length) {
            if (ends) return Number.POSITIVE_INFINITY
          } else longest = Math.max(longest, most[target]! + (ends ? 1 : 0))
        }
      }
      most.push(longest)
    }
    return most.reduce((longest, rounds) => Math.max(longest, rounds))
  }
}
