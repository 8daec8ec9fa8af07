import { refer } from '../references.ts'
import type { Scalar } from '../tree.ts'
import type { Macro } from './declare.ts'
import type { Scope } from './scope.ts'

/** What became of a value: its expansion, or why it has none. */
export type Expansion =
  | { readonly type: 'expanded'; readonly scalar: Scalar }
  | { readonly type: 'circular'; readonly macros: readonly [Macro, ...Macro[]] }
  | { readonly type: 'excessive' }

/** One value of a configuration is a command or a list of words; a hostile file can make gigabytes of ten lines. */
const mostCharacters = 2 ** 20
/** Macros can make references that make each other. */
const mostSteps = 10_000

/** Bounds the work that a whole file may ask for. */
export class Allowance {
  /** Characters to be searched. A second, about. */
  #left = 2 ** 26

  /** Each search costs something, however short the text. */
  take(characters: number): boolean {
    this.#left -= characters + 100
    return this.#left > 0
  }
}

/**
 * Replaces the references in one value (§6.4), each time those to the last of the macros that it refers to. Where macros
 * refer to earlier ones only, that is one pass from the last to the first, as the reference goes about it; in which order
 * decides what is text and what a number. A value that is nothing but a reference becomes what the macro is, type and all;
 * inside other text it is the macro's spelling.
 */
export function expand(scalar: Scalar, scope: Scope, allowance: Allowance): Expansion {
  if (!scalar.text.includes(`\${`)) return { type: 'expanded', scalar }
  const macros = scope.cycleIn(scalar.text)
  if (macros) return { type: 'circular', macros }
  let current = scalar
  for (let step = 0; step < mostSteps; step++) {
    if (!allowance.take(current.text.length)) break
    const referred = scope.referredIn(current.text)
    if (referred.length === 0) return { type: 'expanded', scalar: current }
    const next = replace(current, last(referred, scope))
    if (next === undefined) break
    current = next
  }
  return { type: 'excessive' }
}

function last(macros: readonly Macro[], scope: Scope): Macro {
  return macros.reduce((a, b) => (scope.positionOf(b) > scope.positionOf(a) ? b : a))
}

function replace(scalar: Scalar, { name, value }: Macro): Scalar | undefined {
  const reference = refer(name)
  if (scalar.text === reference) return scalar.with(value.text, value.isPlain)
  const parts = scalar.text.split(reference)
  const length = scalar.text.length + (parts.length - 1) * (value.text.length - reference.length)
  return length > mostCharacters ? undefined : scalar.with(parts.join(value.text), false)
}
