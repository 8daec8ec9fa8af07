import type { EvictCost, ModelId } from '../config.ts'
import type { Problems } from '../problems.ts'
import type { Path } from '../tree.ts'
import type { Vocabulary } from './vars.ts'

/** Resolves whose costs these are (§12.1). A model has one cost, by whichever of its names (§18.12). */
export function normaliseCosts(
  written: ReadonlyMap<string, number>,
  { resolve, explain }: Vocabulary,
  path: Path,
  problems: Problems,
): readonly EvictCost[] {
  const names = new Map<ModelId, string>()
  const costs: EvictCost[] = []
  for (const [name, cost] of written) {
    const model = resolve(name)
    const other = model && names.get(model)
    if (model === undefined) problems.error([...path, name], explain(name))
    else if (other !== undefined) {
      problems.error([...path, name], `\`${name}\` and \`${other}\` are one model, \`${model}\`: keep one of the costs`)
    } else {
      names.set(model, name)
      costs.push({ model, cost })
    }
  }
  return costs
}
