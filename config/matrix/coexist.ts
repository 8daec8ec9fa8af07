import type { Matrix, ModelId } from '../config.ts'
import { makeSolver } from './solver.ts'

/** Asked once for each selector when a configuration is loaded, so it may look much longer than a planner. */
const limit = 5_000_000

/**
 * Whether these models can all run together: one member of one set holds them all (§12.5). None at all always can; a
 * model of no set cannot, not even alone. Sets too tangled to search to their end count as none that holds them.
 */
export function coexist({ sets }: Matrix, models: readonly ModelId[]): boolean {
  const [first, ...others] = new Set(models)
  if (first === undefined) return true
  const solution = makeSolver(sets, limit)(first, new Map(others.map((model) => [model, 1])))
  return solution.type === 'found' && solution.weight === others.length
}
