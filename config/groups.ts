import type * as v from 'valibot'
import type { Group, ModelId } from './config.ts'
import { field, list, struct } from './fields.ts'
import type { NameTable } from './names.ts'
import type { Problems } from './problems.ts'
import { boolean, text } from './scalars.ts'
import type { Path } from './tree.ts'

export const groupSchema = struct({
  swap: field(boolean, 'true', 'Its members take turns: one at a time, as one GPU allows.'),
  exclusive: field(boolean, 'true', 'Loading a member unloads the members of other groups.'),
  persistent: field(boolean, 'false', 'Other groups never unload it.'),
  members: list(text, 'Ids or aliases of its models.'),
})

export type GroupFields = v.InferOutput<typeof groupSchema>

/** Models of no group of the user's share one seat here (§7.6). */
const defaultGroup = '(default)'

/** Resolves the members of the groups, and puts every other model into the default one. */
export function normaliseGroups(
  groups: ReadonlyMap<string, GroupFields>,
  models: readonly ModelId[],
  { resolve }: NameTable,
  path: Path,
  problems: Problems,
): readonly Group[] {
  const groupOf = new Map<ModelId, string>()
  const normalised: Group[] = []

  for (const [id, { members, swap, exclusive, persistent }] of groups) {
    if (id === defaultGroup) {
      const message = `\`${id}\` is made by hotseat for the models of no group: choose another name`
      problems.error([...path, id], message)
      continue
    }
    const resolved = members.flatMap((member, index) => {
      const complain = (message: string) => {
        problems.error([...path, id, 'members', index], message)
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
  return [...normalised, { id: defaultGroup, swap: true, exclusive: true, persistent: false, members: rest }]
}

/** Why models cannot all run at once; null when they can (§7.15). */
export function whyNotTogether(groups: readonly Group[], models: readonly ModelId[]): string | null {
  const [first, ...others] = models
  const group = groups.find(({ members }) => first !== undefined && members.includes(first))
  if (group?.swap) return `\`${first}\` is in the group \`${group.id}\`, whose members take turns (\`swap: true\`)`
  const stranger = others.find((model) => !group?.members.includes(model))
  return stranger === undefined ? null : `\`${first}\` and \`${stranger}\` are not in one group`
}
