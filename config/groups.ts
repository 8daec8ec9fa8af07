import type { Group, ModelId } from './config.ts'
import type { NameTable } from './names.ts'
import type { Problem } from './problem.ts'
import type { GroupFields } from './schema.ts'
import { type Path, problemAt, type Tree } from './tree.ts'

/** Models of no group of the user's share one seat here (§7.6). */
const defaultGroup = '(default)'

/** Resolves the members of the groups, and puts every other model into the default one. */
export function normaliseGroups(
  groups: ReadonlyMap<string, GroupFields>,
  models: readonly ModelId[],
  { resolve }: NameTable,
  tree: Tree,
  path: Path,
): { groups: readonly Group[]; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const groupOf = new Map<ModelId, string>()
  const normalised: Group[] = []

  for (const [id, { members, swap, exclusive, persistent }] of groups) {
    if (id === defaultGroup) {
      const message = `\`${id}\` is made by hotseat for the models of no group: choose another name`
      problems.push(problemAt(tree, [...path, id], message))
      continue
    }
    const resolved = members.flatMap((member, index) => {
      const complain = (message: string) => {
        problems.push(problemAt(tree, [...path, id, 'members', index], message))
        return []
      }
      const model = resolve(member)
      if (model === undefined) return complain(`there is no model \`${member}\``)
      const other = groupOf.get(model)
      if (other === id) return complain(`\`${member}\` stands twice in the group`)
      if (other !== undefined) return complain(`\`${member}\` is already in the group \`${other}\``)
      groupOf.set(model, id)
      return [model]
    })
    normalised.push({ id, swap, exclusive, persistent, members: resolved })
  }

  const rest = models.filter((model) => !groupOf.has(model))
  return {
    groups: [...normalised, { id: defaultGroup, swap: true, exclusive: true, persistent: false, members: rest }],
    problems,
  }
}
