import type { ModelId } from './config.ts'
import type { Problems } from './problems.ts'
import type { Path } from './tree.ts'

/** What the models are called. */
export interface NameTable {
  /** Every alias and its model: first those under `aliases`, then the automatic ones, each in the order of the document. */
  readonly aliases: ReadonlyMap<string, ModelId>
  /** Where each alias is written. */
  readonly places: ReadonlyMap<string, Path>
  /** The model with this id, else with this alias (§10.1). */
  resolve(name: string): ModelId | undefined
}

interface Named {
  readonly aliases: readonly string[]
  /** Its keys are names of the model as well (§7.3). */
  readonly filters: { readonly setParamsByID: ReadonlyMap<string, unknown> }
}

/** Gathers the aliases of all models; each name may mean one thing (§10.2). */
export function nameTable(models: ReadonlyMap<string, Named>, problems: Problems): NameTable {
  const aliases = new Map<string, ModelId>()
  const places = new Map<string, Path>()
  const add = (alias: string, id: string, path: Path) => {
    const other = aliases.get(alias)
    if (alias === id) return
    if (alias.trim() !== alias || alias === '') {
      problems.error(path, 'an alias may not be empty or begin or end with a blank')
    } else if (models.has(alias)) {
      problems.error(path, `\`${alias}\` is the id of another model, and cannot be an alias of \`${id}\` as well`)
    } else if (other !== undefined) {
      problems.error(path, `\`${alias}\` is already an alias of \`${other}\`: an alias means one model`)
    } else {
      aliases.set(alias, id as ModelId)
      places.set(alias, path)
    }
  }

  for (const [id, model] of models) {
    model.aliases.forEach((alias, index) => {
      add(alias, id, ['models', id, 'aliases', index])
    })
  }
  for (const [id, { filters }] of models) {
    for (const name of filters.setParamsByID.keys()) {
      if (aliases.get(name) !== id) add(name, id, ['models', id, 'filters', 'setParamsByID', name])
    }
  }
  const resolve = (name: string) => (models.has(name) ? (name as ModelId) : aliases.get(name))
  return { aliases, places, resolve }
}
