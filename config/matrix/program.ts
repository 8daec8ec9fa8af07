import type { MatrixSet, ModelId, SetExpression } from '../config.ts'

/** An expression made ready for questions: sets of models are bit masks, one bit for each model that any set names. */
export type Node = {
  /** Every model that some member of its family holds. */
  readonly models: bigint
  /** The first member, told apart by nothing. */
  readonly first: State
} & (
  | { readonly type: 'model' }
  | { readonly type: 'set'; readonly set: number }
  | { readonly type: 'any'; readonly of: readonly Node[] }
  | { readonly type: 'all'; readonly of: readonly Node[] }
)

/** A member of a family, as far as a question can tell it from others. */
export interface State {
  /** Those of its models that may come again outside of what has been looked at. */
  readonly open: bigint
  /** What its other models weigh together. */
  readonly weight: number
  /** The states that it unites, or the one model that it is. */
  readonly origin: ModelId | readonly [State, State]
}

export interface Program {
  readonly bits: ReadonlyMap<ModelId, bigint>
  readonly sets: readonly { readonly id: string; readonly node: Node }[]
  /** How many names and lists it has. */
  readonly size: number
}

/** @param sets each after those that it refers to */
export function compile(sets: readonly MatrixSet[]): Program {
  const bits = new Map<ModelId, bigint>()
  const compiled = new Map<string, { set: number; node: Node }>()
  let size = 0

  const compileNode = (expression: SetExpression): Node => {
    size++
    switch (expression.type) {
      case 'model': {
        const { model } = expression
        const bit = bits.get(model) ?? 1n << BigInt(bits.size)
        bits.set(model, bit)
        return { type: 'model', models: bit, first: { open: 0n, weight: 0, origin: model } }
      }
      case 'set': {
        const { set, node } = compiled.get(expression.set)!
        return { type: 'set', set, models: node.models, first: node.first }
      }
      case 'any': {
        const of = expression.of.map(compileNode)
        return { type: 'any', of, models: union(of), first: of[0]!.first }
      }
      case 'all': {
        const of = expression.of.map(compileNode)
        const first = of.map((node) => node.first).reduce((a, b) => ({ open: 0n, weight: 0, origin: [a, b] }))
        return { type: 'all', of, models: union(of), first }
      }
    }
  }

  for (const { id, expression } of sets) compiled.set(id, { set: compiled.size, node: compileNode(expression) })
  return { bits, sets: [...compiled].map(([id, { node }]) => ({ id, node })), size }
}

function union(nodes: readonly Node[]): bigint {
  return nodes.reduce((models, node) => models | node.models, 0n)
}

/** All models of the member that a state stands for, each once. */
export function membersOf(state: State): ReadonlySet<ModelId> {
  const members = new Set<ModelId>()
  const seen = new Set<State>()
  const rest = [state]
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (typeof next.origin === 'string') members.add(next.origin)
    else rest.push(...next.origin)
  }
  return members
}
