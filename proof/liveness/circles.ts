import { goals } from '../graph.ts'
import type { Walked } from '../walk.ts'
import { Goal } from './goal.ts'
import { partsOf } from './parts.ts'

/** A way to go on for ever while somebody waits and the world does all that it owes. */
export interface Circle {
  readonly goal: string
  /** How to get there. */
  readonly history: readonly string[]
  /** The moves that go on and on; none when everything has come to rest. */
  readonly moves: readonly string[]
}

/**
 * Looks for somebody who may wait for ever.
 *
 * The world owes some moves: a child that starts becomes ready or fails, one that is told to end does or is found stuck, a
 * response ends, a wait gets long. It may let them wait for as long as it likes, but not for ever: a duty that stays
 * possible is done in the end (weak fairness). Reloads are rare: one is the last. All else may happen as often as the world
 * likes, or never.
 *
 * So somebody may wait for ever exactly if there is a strongly connected part of the graph, without the moves that reach the
 * goal and the rare ones, in which each duty is either done or impossible somewhere. To stay is to move: a part may be a
 * single state.
 */
export function circlesOf(walked: Walked): readonly Circle[] {
  const { graph, moves } = walked
  const nameOf = (move: number) => moves[move]!.name
  return goals.flatMap((name, number) => {
    const goal = new Goal(walked, number)
    for (const part of partsOf(goal, goal.waiting())) {
      const edges = edgesWithin(goal, part)
      if (!mayStay(goal, part, edges)) continue
      const first = part.reduce((least, state) => Math.min(least, state))
      const names = new Set(edges.map((edge) => nameOf(graph.move.at(edge))))
      return [{ goal: name, history: graph.pathTo(first).map(nameOf), moves: [...names] }]
    }
    return []
  })
}

/** Whether each duty is done within this part, or impossible somewhere in it. */
function mayStay(goal: Goal, part: readonly number[], edges: readonly number[]): boolean {
  const owed = part.reduce((duties, state) => duties & goal.duties(state), -1)
  const done = edges.reduce((duties, edge) => duties | goal.duty(edge), 0)
  return (owed & ~done) === 0
}

function edgesWithin(goal: Goal, part: readonly number[]): readonly number[] {
  const inside = new Set(part)
  const edges: number[] = []
  for (const state of part) {
    for (let edge = goal.firstEdge(state); edge < goal.endOfEdges(state); edge++) {
      const target = goal.target(edge)
      if (target !== undefined && inside.has(target)) edges.push(edge)
    }
  }
  return edges
}
