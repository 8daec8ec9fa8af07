import type { ModelId } from '../config.ts'
import type { NameTable } from '../names.ts'
import { nearest } from '../nearest.ts'
import type { Problems } from '../problems.ts'
import type { Like } from '../shape.ts'
import type { Path } from '../tree.ts'

/** What names mean within a matrix: a var, else the id of a model (§12.1). Aliases mean nothing there. */
export interface Vocabulary {
  resolve(name: string): ModelId | undefined
  /** Why a name means nothing, and what was perhaps meant. */
  explain(name: string): string
}

/** The reference forbids `_`, which its own expressions allow (§18.15). */
export const varName: Like = { pattern: '^[A-Za-z0-9_.-]{1,32}$', expected: 'letters, digits, `_`, `-` and `.`' }
const isVar = new RegExp(varName.pattern)

/** Resolves the short names that models get, beside their ids. */
export function normaliseVars(
  vars: ReadonlyMap<string, string>,
  models: readonly ModelId[],
  names: NameTable,
  path: Path,
  problems: Problems,
): Vocabulary {
  const ids = new Map<string, ModelId>(models.map((id) => [id, id]))
  const explain = (name: string, known: readonly string[]) => {
    const model = names.resolve(name)
    if (model !== undefined) return `\`${name}\` is an alias: write the id of the model, \`${model}\``
    const near = nearest(name, known)
    return `there is no model \`${name}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`
  }

  for (const [name, id] of vars) {
    const complain = (message: string) => problems.error([...path, name], message)
    if (!isVar.test(name)) {
      complain(`\`${name}\` cannot be a var: its name is 1 to 32 of the letters a to z, digits, \`_\`, \`-\` and \`.\``)
    } else if (!ids.has(id)) complain(explain(id, models))
  }
  // A var hides an id of the same spelling. One that is wrong has been told of, and need not be where it is used.
  const meanings = new Map([...ids, ...[...vars].map(([name, id]) => [name, id as ModelId] as const)])
  return {
    resolve: (name) => meanings.get(name),
    explain: (name) => explain(name, [...meanings.keys()]),
  }
}
