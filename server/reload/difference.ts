import { isDeepStrictEqual } from 'node:util'
import type { Config, ModelId } from '../../config/config.ts'
import { originOf } from './origin.ts'

/** What is other in one configuration than in another. Models in ascending order of the id. */
export interface Difference {
  readonly added: readonly ModelId[]
  readonly removed: readonly ModelId[]
  /** Need another process than the one that they have. */
  readonly changed: readonly ModelId[]
  /** Are changed in place. */
  readonly adjusted: readonly ModelId[]
}

/** Compares what the files mean, not how they are written. Null when they mean the same. */
export function differenceOf(before: Config, after: Config): Difference | null {
  if (isDeepStrictEqual(before, after)) return null
  const both = [...after.models.values()].flatMap((model) => {
    const old = before.models.get(model.id)
    return old && !isDeepStrictEqual(old, model) ? [{ id: model.id, old, model }] : []
  })
  const isChanged = ({ old, model }: (typeof both)[number]) => originOf(old).fingerprint !== originOf(model).fingerprint
  return {
    added: [...after.models.keys()].filter((id) => !before.models.has(id)),
    removed: [...before.models.keys()].filter((id) => !after.models.has(id)),
    changed: both.filter(isChanged).map(({ id }) => id),
    adjusted: both.filter((pair) => !isChanged(pair)).map(({ id }) => id),
  }
}

/** `added a, b; changed c`, for the log. */
export function describe(difference: Difference): string {
  const parts = Object.entries(difference).flatMap(([what, ids]) =>
    ids.length > 0 ? [`${what} ${ids.join(', ')}`] : [],
  )
  return parts.join('; ') || 'no model is concerned'
}

/** The new configuration with the old models where they are the same, so that whatever is kept by model stays. */
export function sharing(before: Config, after: Config): Config {
  const models = [...after.models].map(([id, model]) => {
    const old = before.models.get(id)
    return [id, old && isDeepStrictEqual(old, model) ? old : model] as const
  })
  return { ...after, models: new Map(models) }
}
