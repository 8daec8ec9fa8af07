import { renameKeys } from '../keys.ts'
import type { Problem } from '../problem.ts'
import { isOneReference } from '../references.ts'
import { dotted, Mapping, mapScalars, type Path, Scalar, type Tree } from '../tree.ts'
import type { Macro } from './declare.ts'
import { Allowance, expand } from './expand.ts'
import { leftoversIn } from './leftovers.ts'
import type { Scope } from './scope.ts'

/** Replaces references throughout a configuration, and gathers what is wrong with them. */
export class Expander {
  readonly problems: Problem[] = []
  readonly #allowance = new Allowance()
  #isExcessive = false

  /** Every value of a part of the configuration. */
  values(tree: Tree, scope: Scope, path: Path): Tree {
    return mapScalars(tree, (scalar, path) => this.#expand(scalar, scope, path), path)
  }

  /** Every value of a model, and the names it has parameters for, which alone of all keys may hold references (§6.4). */
  model(model: Mapping, scope: Scope, path: Path): Mapping {
    const expanded = this.values(model, scope, path) as Mapping
    const parameters = namedParameters(expanded)
    if (!parameters.names) return expanded
    const { filters, names } = parameters
    const below = [...path, 'filters', 'setParamsByID']
    const renamed = renameKeys(
      names,
      (key, place) => this.#expand(new Scalar(key, false, place), scope, [...below, key]).text,
      (key, place, message) => this.problems.push({ place, path: dotted([...below, key]), message }),
    )
    return expanded.with('filters', filters.with('setParamsByID', renamed))
  }

  /** Complains of every reference that is left in a value. */
  checkValues(tree: Tree, scope: Scope, path: Path): void {
    mapScalars(tree, (scalar, path) => this.#check(scalar, scope, path), path)
  }

  checkModel(model: Mapping, scope: Scope, path: Path): void {
    this.checkValues(model, scope, path)
    const { names } = namedParameters(model)
    for (const [key, place] of names?.keys ?? []) {
      this.#check(new Scalar(key, false, place), scope, [...path, 'filters', 'setParamsByID', key])
    }
  }

  #check(scalar: Scalar, scope: Scope, path: Path): Scalar {
    this.problems.push(...leftoversIn(scalar, scope, path))
    return scalar
  }

  #expand(scalar: Scalar, scope: Scope, path: Path): Scalar {
    const expansion = expand(scalar, scope, this.#allowance)
    if (expansion.type === 'expanded') return expansion.scalar
    if (expansion.type === 'circular') {
      const [{ place, path }] = expansion.macros
      this.problems.push({ place, path, message: circular(expansion.macros) })
    } else if (!this.#isExcessive) {
      this.#isExcessive = true
      const message = 'its macros make more text than anybody could mean, or never end'
      this.problems.push({ place: scalar.place, path: dotted(path), message })
    }
    // Nothing at all, rather than text that the field would complain of as well.
    return isOneReference(scalar.text) ? scalar.with('', true) : scalar
  }
}

/** A long circle is told by its ends. */
function circular(macros: readonly [Macro, ...Macro[]]): string {
  const names = [...macros, macros[0]].map(({ name }) => name)
  const told = names.length > 12 ? [...names.slice(0, 6), '…', ...names.slice(-5)] : names
  return `it refers to itself: ${told.join(' -> ')}`
}

type NamedParameters = { readonly filters: Mapping; readonly names: Mapping } | { readonly names?: undefined }

function namedParameters(model: Mapping): NamedParameters {
  const filters = model.entries.get('filters')
  const names = filters instanceof Mapping ? filters.entries.get('setParamsByID') : undefined
  return filters instanceof Mapping && names instanceof Mapping ? { filters, names } : {}
}
