import type { ModelId, Router, Routing } from '../../config/config.ts'
import { groupPlanner } from './groups.ts'
import { matrixChooser } from './matrix.ts'
import type { Planner } from './planner.ts'

/** The planner that the routing names, built once for each. */
export function plannerOf({ router }: Routing): Planner {
  return engineOf(router).plan
}

/**
 * Whether the planner's answer to this question is not known to be the best, because there was too much to compare. For
 * the one who tells people, and asks where the answer is acted on: planners are silent.
 */
export function isGuess({ router }: Routing, target: ModelId, resident: readonly ModelId[]): boolean {
  return engineOf(router).isGuess(target, resident)
}

interface Engine {
  readonly plan: Planner
  readonly isGuess: (...question: Parameters<Planner>) => boolean
}

const engines = new WeakMap<Router, Engine>()

function engineOf(router: Router): Engine {
  const known = engines.get(router)
  if (known) return known
  const engine = build(router)
  engines.set(router, engine)
  return engine
}

function build(router: Router): Engine {
  switch (router.use) {
    case 'group':
      return { plan: groupPlanner(router.groups), isGuess: () => false }
    case 'matrix': {
      const choose = matrixChooser(router)
      return { plan: (...question) => choose(...question).evict, isGuess: (...question) => choose(...question).isGuess }
    }
  }
}
