import type { ModelId } from './config.ts'
import type { Problem } from './problem.ts'
import { problemAt, type Tree } from './tree.ts'

export interface NameTable {
  readonly aliases: ReadonlyMap<string, ModelId>
  /** The model with this id, else with this alias (§10.1). */
  resolve(name: string): ModelId | undefined
}

/** Gathers the aliases of all models; each name may mean one thing (§10.2). */
export function nameTable(
  models: ReadonlyMap<string, { readonly aliases: readonly string[] }>,
  tree: Tree,
): { names: NameTable; problems: readonly Problem[] } {
  const aliases = new Map<string, ModelId>()
  const problems: Problem[] = []
  for (const [id, model] of models) {
    model.aliases.forEach((alias, index) => {
      const complain = (message: string) => problems.push(problemAt(tree, ['models', id, 'aliases', index], message))
      const other = aliases.get(alias)
      if (alias.trim() !== alias || alias === '') complain('an alias may not be empty or begin or end with a blank')
      else if (alias === id) return
      else if (models.has(alias)) complain(`\`${alias}\` is the id of another model: choose another alias`)
      else if (other !== undefined)
        complain(`\`${alias}\` is already an alias of \`${other}\`: an alias means one model`)
      else aliases.set(alias, id as ModelId)
    })
  }
  const resolve = (name: string) => (models.has(name) ? (name as ModelId) : aliases.get(name))
  return { names: { aliases, resolve }, problems }
}
