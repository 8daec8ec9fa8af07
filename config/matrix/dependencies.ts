import { deepest, type Syntax } from './parse.ts'

/** Says that something is wrong with a set, at a place in its text. */
export type Complain = (set: string, at: number, message: string) => void
type Leaf = Extract<Syntax, { readonly at: number }>

/**
 * The sets in the order in which they count (§12.4): as in the document, but each after those that it refers to, which
 * come in the order of their first mention.
 */
export function inDependencyOrder(sets: ReadonlyMap<string, Syntax>, complain: Complain): readonly string[] {
  const depths = new Map<string, number>()

  const visit = (id: string, syntax: Syntax, trail: readonly string[]): void => {
    const tooDeep = `nests more than ${deepest} deep, with the sets that it refers to`
    for (const { type, name, at } of leavesOf(syntax)) {
      const other = sets.get(name)
      if (type !== 'set' || other === undefined || depths.has(name)) continue
      const start = trail.indexOf(name)
      if (start >= 0) complain(id, at, `the sets refer to each other in a circle: ${circle(trail.slice(start))}`)
      else if (trail.length === deepest) complain(id, at, tooDeep)
      else visit(name, other, [...trail, name])
    }
    const depth = depthOf(syntax, depths)
    if (depth > deepest) complain(id, 0, tooDeep)
    // Told of once: those that refer to it are not too deep because of it.
    depths.set(id, depth > deepest ? 0 : depth)
  }

  for (const [id, syntax] of sets) if (!depths.has(id)) visit(id, syntax, [id])
  return [...depths.keys()]
}

/** The names in an expression, in the order of the text. */
export function leavesOf(syntax: Syntax): readonly Leaf[] {
  return 'of' in syntax ? syntax.of.flatMap(leavesOf) : [syntax]
}

function depthOf(syntax: Syntax, depths: ReadonlyMap<string, number>): number {
  if ('of' in syntax) return 1 + syntax.of.reduce((deepest, part) => Math.max(deepest, depthOf(part, depths)), 0)
  return syntax.type === 'set' ? 1 + (depths.get(syntax.name) ?? 0) : 1
}

function circle(trail: readonly string[]): string {
  return [...trail, trail[0]].join(' -> ')
}
