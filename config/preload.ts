import type { ModelId } from './config.ts'
import { list, section, struct } from './fields.ts'
import type { NameTable } from './names.ts'
import type { Problems } from './problems.ts'
import { text } from './scalars.ts'

export const hooksSchema = struct({
  on_startup: section(
    struct({ preload: list(text, 'Models to load at start, one after the other, by id or alias.') }),
    'What happens once the server runs.',
  ),
})

/** Ids without duplicates, in order. A name that means no local model is passed over, as the reference does, and warned of (§7.8). */
export function normalisePreload(written: readonly string[], names: NameTable, problems: Problems): readonly ModelId[] {
  const models = written.flatMap((name, index) => {
    const model = names.resolve(name.trim())
    if (model === undefined && name.trim() !== '') {
      const path = ['hooks', 'on_startup', 'preload', index]
      problems.warning(path, `there is no model \`${name.trim()}\` here, and nothing is loaded for it`)
    }
    return model ?? []
  })
  return [...new Set(models)]
}
