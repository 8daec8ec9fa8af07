import type { Group, ModelId } from '../../config/config.ts'
import type { Planner } from './planner.ts'

/** The group engine's eviction rule (config §11.1). A model of no group is alone: it evicts nothing and stays. */
export function groupPlanner(groups: readonly Group[]): Planner {
  const groupOf = new Map<ModelId, Group>(groups.flatMap((group) => group.members.map((id) => [id, group] as const)))

  return (target, resident) => {
    const own = groupOf.get(target)
    if (!own) return []
    return resident.filter((id) => {
      if (id === target) return false
      const other = groupOf.get(id)
      if (other === own) return own.swap
      return own.exclusive && other?.persistent === false
    })
  }
}
