import { boundOf } from './liveness/bound.ts'
import { type Circle, circlesOf } from './liveness/circles.ts'
import { roundsOf } from './liveness/rounds.ts'
import { type WalkOptions, walk } from './walk.ts'
import { type Draft, worldOf } from './worlds.ts'

/** What was found about one world. Plain JSON. */
export interface Findings {
  readonly name: string
  readonly configs: readonly string[]
  /** How many there are, and no rule can tell apart what is counted as one. */
  readonly states: number
  readonly moves: number
  /** Whether every state was walked that there is. */
  readonly isComplete: boolean
  /** A broken invariant, and a shortest history that breaks it. */
  readonly broken: { readonly message: string; readonly history: readonly string[] } | null
  /** Who may wait for ever. Not asked when the walk is incomplete. */
  readonly circles: readonly Circle[]
  /** How many rounds the oldest request waits at most; null when it may wait for ever, or was not asked. */
  readonly rounds: number | null
  /** How many it may wait; null where nothing is promised. */
  readonly bound: number | null
  /** Whether it is as it should be that somebody may. */
  readonly isOvertaking: boolean
  readonly seconds: number
}

/** Walks a world and looks for somebody who may wait for ever. */
export function examine(draft: Draft, options: WalkOptions = {}): Findings {
  const begin = performance.now()
  const world = worldOf(draft)
  const walked = walk(world, options)
  const { graph, isComplete, broken } = walked
  const circles = isComplete ? circlesOf(walked) : []
  const rounds = isComplete && circles.length === 0 ? roundsOf(walked) : null
  return {
    name: draft.name,
    configs: draft.configs,
    states: graph.states,
    moves: graph.edges,
    isComplete,
    broken: broken && { message: broken.violation.message, history: broken.history },
    circles,
    rounds,
    bound: boundOf(world)?.length ?? null,
    isOvertaking: draft.isOvertaking === true,
    seconds: (performance.now() - begin) / 1000,
  }
}
