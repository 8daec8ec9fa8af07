import fc from 'fast-check'
import type { Matrix, ModelId, SetExpression } from '../../config/config.ts'
import { parseConfig } from '../../config/load.ts'
import type { Choice } from '../../machines/policy/matrix.ts'
import { id } from './settings.ts'

/** A matrix as a file has it: models by name, and the lines of the block. */
export function matrixOf(models: string, block: string): Matrix {
  const entries = models.split(' ').map((name) => `  ${name}: {cmd: x, proxy: "http://h"}`)
  const lines = block.split('\n').map((line) => `  ${line}`)
  const yaml = `models:\n${entries.join('\n')}\nmatrix:\n${lines.join('\n')}`
  const { router } = parseConfig(yaml, 'matrix.yaml').config.routing
  if (router.use !== 'matrix') throw new Error(`no matrix in ${yaml}`)
  return router
}

type Members = ReadonlySet<ModelId>

/** The members of every set, in the order in which they are candidates, as §12.3 and §12.4 define it word for word. */
export function* candidatesOf({ sets }: Matrix): Generator<{ set: string; members: Members }> {
  const byId = new Map(sets.map(({ id, expression }) => [id, expression]))
  for (const { id, expression } of sets) {
    for (const members of familyOf(expression, byId)) yield { set: id, members }
  }
}

function* familyOf(expression: SetExpression, sets: ReadonlyMap<string, SetExpression>): Generator<Members> {
  switch (expression.type) {
    case 'model':
      yield new Set([expression.model])
      return
    case 'set':
      yield* familyOf(sets.get(expression.set)!, sets)
      return
    case 'any':
      for (const part of expression.of) yield* familyOf(part, sets)
      return
    case 'all': {
      const [first, ...others] = expression.of
      for (const members of familyOf(first!, sets)) {
        if (others.length === 0) yield members
        else for (const more of familyOf({ type: 'all', of: others }, sets)) yield new Set([...members, ...more])
      }
    }
  }
}

/** The choice as §12.4 defines it: every candidate is looked at. */
export function chooseByEnumeration(
  matrix: Matrix,
  target: ModelId,
  resident: readonly ModelId[],
): Omit<Choice, 'isGuess'> {
  if (resident.includes(target)) return { set: null, members: resident, evict: [], cost: 0 }
  const costs = new Map(matrix.costs.map(({ model, cost }) => [model, cost]))
  let best: { set: string; members: Members; cost: number } | undefined
  for (const { set, members } of candidatesOf(matrix)) {
    if (!members.has(target)) continue
    let cost = 0
    for (const id of resident) if (!members.has(id)) cost += costs.get(id) ?? 1
    if (!best || cost < best.cost) best = { set, members, cost }
  }
  if (!best) return { set: null, members: [target], evict: resident, cost: 0 }
  const { set, members, cost } = best
  return { set, members: [...members].sort(), evict: resident.filter((id) => !members.has(id)), cost }
}

/** Small matrices over models that are called by single letters; later sets may refer to earlier ones. */
export function matrices(names: string, { sets = 4 } = {}): fc.Arbitrary<Matrix> {
  const models = names.split('').map(id)
  const programs = fc
    .integer({ min: 1, max: sets })
    .chain((count) =>
      fc
        .tuple(...Array.from({ length: count }, (_, index) => expressions(models, index)))
        .map((list) => list.map((expression, index) => ({ id: `s${index}`, expression }))),
    )
  const costs = fc.uniqueArray(fc.record({ model: fc.constantFrom(...models), cost: fc.integer({ min: 1, max: 3 }) }), {
    selector: ({ model }) => model,
    maxLength: names.length,
  })
  return fc.record({ sets: programs, costs }).filter((matrix) => countMembers(matrix) <= 1_000)
}

/** How many members the sets have together: what plain enumeration has to look at. */
export function countMembers({ sets }: Matrix): number {
  const counts = new Map<string, number>()
  const count = (expression: SetExpression): number => {
    switch (expression.type) {
      case 'model':
        return 1
      case 'set':
        return counts.get(expression.set)!
      case 'any':
        return expression.of.reduce((sum, part) => sum + count(part), 0)
      case 'all':
        return expression.of.reduce((product, part) => product * count(part), 1)
    }
  }
  for (const { id, expression } of sets) counts.set(id, count(expression))
  return [...counts.values()].reduce((sum, members) => sum + members, 0)
}

function expressions(models: readonly ModelId[], earlier: number): fc.Arbitrary<SetExpression> {
  const model = fc.constantFrom(...models).map((model): SetExpression => ({ type: 'model', model }))
  const set = fc.nat(Math.max(0, earlier - 1)).map((index): SetExpression => ({ type: 'set', set: `s${index}` }))
  const leaf = earlier === 0 ? model : fc.oneof({ arbitrary: model, weight: 4 }, { arbitrary: set, weight: 1 })
  const grow = (depth: number): fc.Arbitrary<SetExpression> =>
    depth === 0
      ? leaf
      : fc.oneof(
          leaf,
          fc
            .tuple(
              fc.constantFrom('any' as const, 'all' as const),
              fc.array(grow(depth - 1), { minLength: 2, maxLength: 3 }),
            )
            .map(
              ([type, of]): SetExpression => ({
                type,
                of: of.flatMap((part) => (part.type === type ? part.of : [part])),
              }),
            ),
        )
  return grow(3)
}

/** Some of the models, in ascending order, as a planner gets them. */
export function residents(names: string): fc.Arbitrary<readonly ModelId[]> {
  return fc.subarray(names.split('').sort().map(id))
}
