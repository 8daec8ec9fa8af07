import type { Dialect } from './command.ts'
import type { Config, Model, ModelId } from './config.ts'
import { normaliseModel } from './models.ts'
import { nameTable } from './names.ts'
import { byCodePoint } from './order.ts'
import type { Problem } from './problem.ts'
import { normalisePriorities, normaliseRouting } from './routing.ts'
import type { Root } from './schema.ts'
import { problemAt, type Tree } from './tree.ts'

/** What is known beside the typed fields. */
export interface Reading {
  /** Where the fields come from, for the places of problems. */
  readonly tree: Tree
  /** The ports that were given out, by model. */
  readonly ports: ReadonlyMap<string, number | null>
  readonly dialect: Dialect
}

/** Typed fields to configuration: names are resolved, and what depends on more than one field is checked (§4 steps 12 to 20). */
export function normalise(
  root: Root,
  { tree, ports, dialect }: Reading,
): { config: Config; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const note = <T extends { readonly problems: readonly Problem[] }>(step: T): T => {
    problems.push(...step.problems)
    return step
  }

  const fields = new Map([...root.models].sort(([a], [b]) => byCodePoint(a, b)))
  if (fields.has('')) problems.push(problemAt(tree, ['models', ''], 'a model needs an id that is not empty'))
  const ids = [...fields.keys()] as ModelId[]
  const { names } = note(nameTable(root.models, tree))
  const { routing } = note(normaliseRouting(root, ids, names, tree))
  const { priorities } = note(normalisePriorities(root, names, tree))
  const models = new Map<ModelId, Model>()
  for (const id of ids) {
    const surroundings = { root, port: ports.get(id) ?? null, priority: priorities.get(id) ?? 0, dialect, tree }
    models.set(id, note(normaliseModel(id, fields.get(id)!, surroundings)).model)
  }

  const { logLevel, logToStdout, bodyLimit } = root
  const bodyLimitBytes = bodyLimit * 2 ** 20
  return { config: { models, aliases: names.aliases, routing, logLevel, logToStdout, bodyLimitBytes }, problems }
}
