import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { type Schema, shapeOf } from './shape.ts'
import { dotted, List, Mapping, type Path, type Tree } from './tree.ts'

/** At the root, what is only there to be referred to by YAML's aliases, as other programs have it. */
export const template = 'x-'

/** The keys that the schema of a mapping reads. */
export function knownKeys(schema: Schema): readonly string[] {
  const shape = shapeOf(schema)
  return shape.type === 'struct' ? Object.keys(shape.entries) : []
}

/** A key that no one reads is most likely misspelled. The known ones are read off the schema itself. */
export function unknownKeys(schema: Schema, tree: Tree, path: Path = []): readonly Problem[] {
  const shape = shapeOf(schema)
  if (tree instanceof List && shape.type === 'list') {
    return tree.items.flatMap((node, index) => unknownKeys(shape.item, node, [...path, index]))
  }
  if (tree instanceof Mapping && shape.type === 'record') {
    return [...tree.entries].flatMap(([key, node]) => unknownKeys(shape.value, node, [...path, key]))
  }
  if (!(tree instanceof Mapping) || shape.type !== 'struct') return []

  return [...tree.entries].flatMap(([key, node]) => {
    if (Object.hasOwn(shape.entries, key)) return unknownKeys(shape.entries[key]!, node, [...path, key])
    if (path.length === 0 && key.startsWith(template)) return []
    const near = nearest(key, Object.keys(shape.entries))
    const hint = near === undefined ? ', and is ignored' : `: did you mean \`${near}\`?`
    const place = tree.keys.get(key) ?? tree.place
    return [{ place, path: dotted([...path, key]), message: `the key \`${key}\` is unknown${hint}`, isWarning: true }]
  })
}
