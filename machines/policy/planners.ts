import type { Router, Routing } from '../../config/config.ts'
import { groupPlanner } from './groups.ts'
import type { Planner } from './planner.ts'

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
