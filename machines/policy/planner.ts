import type { ModelId, Router, Routing } from '../../config/config.ts'
import { groupPlanner } from './groups.ts'

/**
 * Which of the resident models must stop so that `target` may run. Pure and silent: it is asked speculatively and far more
 * often than obeyed. `resident` is ascending by id; the answer keeps its order and never holds the target.
 */
export type Planner = (target: ModelId, resident: readonly ModelId[]) => readonly ModelId[]

const planners = new WeakMap<Router, Planner>()

/** The planner that the routing names, built once for each. */
export function plannerOf({ router }: Routing): Planner {
  const known = planners.get(router)
  if (known) return known
  const planner = build(router)
  planners.set(router, planner)
  return planner
}

function build(router: Router): Planner {
  switch (router.use) {
    case 'group':
      return groupPlanner(router.groups)
  }
}
