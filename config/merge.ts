import type { Place, Problem } from './problem.ts'
import { isSameValue } from './same-value.ts'
import { dotted, List, Mapping, type Path, Scalar, type Tree } from './tree.ts'

/** Their entries are the user's own things: no two files may hold the same one, not even word for word (§2.3). */
const identityMaps: ReadonlySet<string> = new Set([
  'models',
  'groups',
  'profiles',
  'selectors',
  'peers',
  'matrix',
  'routing.router.settings.groups',
  'routing.router.settings.matrix',
])

/**
 * Merges what several files say, in their order (§2.3): mappings join, lists follow each other, null yields to anything, and
 * whatever else stands in two files must be the same. The first file gives the order, and the place of what is the same.
 */
export function mergeTrees(trees: readonly Mapping[]): { tree: Mapping; problems: readonly Problem[] } {
  const merging = new Merging()
  const tree = trees.reduce((merged, tree) => merging.mappings(merged, tree, []))
  return { tree, problems: merging.problems }
}

class Merging {
  readonly problems: Problem[] = []

  mappings(base: Mapping, other: Mapping, path: Path): Mapping {
    const entries = new Map(base.entries)
    const keys = new Map(base.keys)
    const isIdentityMap = identityMaps.has(dotted(path))
    for (const [key, value] of other.entries) {
      const place = other.keys.get(key) ?? value.place
      const present = entries.get(key)
      if (present === undefined || (isNull(present) && !isIdentityMap)) {
        entries.set(key, value)
        keys.set(key, place)
      } else if (isIdentityMap) {
        const there = spell(keys.get(key) ?? present.place)
        this.#complain(place, [...path, key], `it is defined here and in ${there}: rename or remove one`)
      } else if (!isNull(value)) {
        entries.set(key, this.#values(present, value, place, [...path, key]))
      }
    }
    return new Mapping(entries, keys, base.place, base.merge ?? other.merge)
  }

  #values(base: Tree, other: Tree, place: Place, path: Path): Tree {
    if (base instanceof Mapping && other instanceof Mapping) return this.mappings(base, other, path)
    const isIdentityMap = identityMaps.has(dotted(path))
    if (!isIdentityMap && base instanceof List && other instanceof List) {
      return new List([...base.items, ...other.items], base.place)
    }
    if (!isIdentityMap && base instanceof Scalar && other instanceof Scalar && isSameValue(base, other)) return base
    const what = `it is ${describe(other)} here and ${describe(base)} in ${spell(base.place)}`
    this.#complain(place, path, isIdentityMap ? `it must be a mapping in every file: ${what}` : `${what}: keep one`)
    return base
  }

  #complain(place: Place, path: Path, message: string): void {
    this.problems.push({ place, path: dotted(path), message })
  }
}

function isNull(tree: Tree): boolean {
  return tree instanceof Scalar && tree.isNull
}

function describe(tree: Tree): string {
  if (tree instanceof Mapping) return 'a mapping'
  if (tree instanceof List) return 'a list'
  return tree.isPlain ? `\`${tree.text}\`` : `the text \`${tree.text}\``
}

function spell({ file, line }: Place): string {
  return `${file}:${line}`
}
