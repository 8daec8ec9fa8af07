import type { Matrix, ModelId } from '../../config/config.ts'
import { makeSolver } from '../../config/matrix/solver.ts'

/** What is to happen so that a model may run, and why. */
export interface Choice {
  /** The set that makes room for it at the least cost; null when none holds it, or when it runs already. */
  readonly set: string | null
  /** What may run then: one member of the set, of which only the model itself is started. */
  readonly members: readonly ModelId[]
  readonly evict: readonly ModelId[]
  /** What stopping these costs; 0 when there is no set to choose. */
  readonly cost: number
  /** Not all members could be compared: the first that holds the model was taken, and another may cost less. */
  readonly isGuess: boolean
}

export type Chooser = (target: ModelId, resident: readonly ModelId[]) => Choice

/** Choices that are remembered: the same few questions are asked again at every event, see `decide`. */
const remembered = 1_000

/** The matrix engine's rule (config §12.4). It answers the same question always the same. */
export function matrixChooser(matrix: Matrix): Chooser {
  const solve = makeSolver(matrix.sets)
  const costs = new Map(matrix.costs.map(({ model, cost }) => [model, cost]))
  const costOf = (id: ModelId) => costs.get(id) ?? 1
  const choices = new Map<string, Choice>()

  const choose: Chooser = (target, resident) => {
    const solution = solve(target, new Map(resident.map((id) => [id, costOf(id)])))
    // As if nothing ran: then the first member that holds the model is the best, and there is nothing to compare.
    const found = solution.type === 'too many' ? solve(target, new Map()) : solution
    if (found.type !== 'found') return { set: null, members: [target], evict: resident, cost: 0, isGuess: false }
    const { set, members } = found
    const evict = resident.filter((id) => !members.has(id))
    const cost = evict.reduce((sum, id) => sum + costOf(id), 0)
    return { set, members: [...members].sort(), evict, cost, isGuess: solution.type === 'too many' && cost > 0 }
  }

  return (target, resident) => {
    if (resident.includes(target)) return { set: null, members: resident, evict: [], cost: 0, isGuess: false }
    const question = JSON.stringify([target, ...resident])
    const known = choices.get(question)
    if (known) return known
    if (choices.size === remembered) choices.clear()
    const choice = choose(target, resident)
    choices.set(question, choice)
    return choice
  }
}
