import { type JsonText, jsonOf } from './json.ts'
import { byCodePoint } from './order.ts'
import type { Problems } from './problems.ts'
import type { Path, Tree } from './tree.ts'

/** What the user tells clients about a model or selector, under `meta.llamaswap` in `/v1/models` (§7.2). Sorted by key. */
export type Metadata = ReadonlyMap<string, JsonText>

export function normaliseMetadata(fields: ReadonlyMap<string, Tree>, path: Path, problems: Problems): Metadata {
  const sorted = [...fields].sort(([a], [b]) => byCodePoint(a, b))
  return new Map(
    sorted.map(([key, value]) => [
      key,
      jsonOf(value, (below, message) => problems.error([...path, key, ...below], message)),
    ]),
  )
}
