import { renameKeys } from './keys.ts'
import type { Place, Problem } from './problem.ts'
import { environmentReference } from './references.ts'
import { dotted, List, Mapping, type Path, type Tree } from './tree.ts'

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Replaces `${env.NAME}` in values and keys (§5). What was plain stays plain, so that a port is a number; what was quoted
 * stays text. Whatever a variable holds, it never changes the structure, and it is not searched for variables again.
 */
export function substituteEnvironment(
  tree: Mapping,
  environment: Environment,
): { tree: Mapping; problems: readonly Problem[] } {
  const substitution = new Substitution(environment)
  return { tree: substitution.mapping(tree, []), problems: substitution.problems }
}

class Substitution {
  readonly problems: Problem[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  of(tree: Tree, path: Path): Tree {
    if (tree instanceof Mapping) return this.mapping(tree, path)
    if (tree instanceof List) {
      const items = tree.items.map((item, index) => this.of(item, [...path, index]))
      return new List(items, tree.place)
    }
    const text = this.#text(tree.text, tree.place, path)
    return text === tree.text ? tree : tree.with(tree.isPlain ? text.trim() : text, tree.isPlain)
  }

  mapping(mapping: Mapping, path: Path): Mapping {
    const renamed = renameKeys(
      mapping,
      (key, place) => this.#key(key, place, path),
      (key, place, message) => this.problems.push({ place, path: dotted([...path, key]), message }),
    )
    const entries = new Map([...renamed.entries].map(([key, value]) => [key, this.of(value, [...path, key])]))
    return new Mapping(entries, renamed.keys, mapping.place, mapping.merge)
  }

  /** A key that lacks a variable stays, so that it is not taken for another. */
  #key(key: string, place: Place, path: Path): string {
    const before = this.problems.length
    const text = this.#text(key, place, [...path, key])
    return this.problems.length > before ? key : text
  }

  #text(text: string, place: Place, path: Path): string {
    return text.replace(environmentReference, (_, name: string) => {
      // Not `constructor` and its like, which every object has.
      const value = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined
      const why =
        value === undefined
          ? 'is not set in the environment'
          : /[\n\r\0]/.test(value)
            ? 'holds a line break or a NUL, which no value may'
            : undefined
      if (why === undefined) return value!
      this.problems.push({ place, path: dotted(path), message: `the variable ${name} ${why}` })
      return ''
    })
  }
}
