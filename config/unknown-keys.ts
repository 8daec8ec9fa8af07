import type * as v from 'valibot'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { dotted, List, Mapping, type Path, type Tree } from './tree.ts'

type Schema = v.GenericSchema<unknown, unknown>
/** What valibot's schemas show of their inside. */
interface Inside {
  readonly type?: string
  readonly pipe?: readonly Inside[]
  readonly wrapped?: Inside
  readonly item?: Inside
  readonly value?: Inside
  readonly entries?: Readonly<Record<string, Inside>>
}

/** At the root, what is only there to be referred to by YAML's aliases, as other programs have it. */
const template = 'x-'

/** The keys that the schema of a mapping reads. */
export function knownKeys(schema: Schema): readonly string[] {
  return Object.keys(reveal(schema as Inside, 'entries') ?? {})
}

/** A key that no one reads is most likely misspelled. The known ones are read off the schema itself. */
export function unknownKeys(schema: Schema, tree: Tree): readonly Problem[] {
  return find(schema as Inside, tree, [])
}

function find(schema: Inside, tree: Tree, path: Path): readonly Problem[] {
  if (tree instanceof List) {
    const item = reveal(schema, 'item')
    return item ? tree.items.flatMap((node, index) => find(item, node, [...path, index])) : []
  }
  if (!(tree instanceof Mapping)) return []

  const value = reveal(schema, 'value')
  if (value) return [...tree.entries].flatMap(([key, node]) => find(value, node, [...path, key]))
  const entries = reveal(schema, 'entries')
  if (!entries) return []
  return [...tree.entries].flatMap(([key, node]) => {
    if (Object.hasOwn(entries, key)) return find(entries[key]!, node, [...path, key])
    if (path.length === 0 && key.startsWith(template)) return []
    const near = nearest(key, Object.keys(entries))
    const hint = near === undefined ? ', and is ignored' : `: did you mean \`${near}\`?`
    const place = tree.keys.get(key) ?? tree.place
    return [{ place, path: dotted([...path, key]), message: `the key \`${key}\` is unknown${hint}`, isWarning: true }]
  })
}

/** Looks through pipes and options for the part that knows the children. */
function reveal<K extends 'item' | 'value' | 'entries'>(schema: Inside, part: K): Inside[K] | undefined {
  if (schema[part] !== undefined && (part !== 'value' || schema.type === 'map')) return schema[part]
  for (const inner of [schema.wrapped, ...(schema.pipe ?? [])]) {
    if (inner === undefined || inner === schema) continue
    // A pipe begins with the schema that it was made of.
    const found = inner.pipe === schema.pipe ? undefined : reveal(inner, part)
    if (found !== undefined) return found
  }
  return undefined
}
