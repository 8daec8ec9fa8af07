import type { Problem } from './problem.ts'
import { dotted, mapScalars, type Path, problemAt, type Scalar, type Tree } from './tree.ts'

/** Values that references stand for. */
export type Scope = ReadonlyMap<string, Scalar>

const reference = /\$\{([A-Za-z0-9_-]+)\}/g
const leftover = /\$\{((?:env\.)?[A-Za-z0-9_-]+)\}/g

/**
 * Replaces the references of a scope in every value of the tree (§6.4). A value that is nothing but a reference becomes
 * what the macro is, type and all; inside other text it is the macro's spelling.
 */
export function expand(tree: Tree, scope: Scope): Tree {
  return mapScalars(tree, (scalar) => {
    if (!scalar.text.includes('${')) return scalar
    const whole = /^\$\{([A-Za-z0-9_-]+)\}$/.exec(scalar.text)
    const macro = whole && scope.get(whole[1]!)
    if (macro) return scalar.with(macro.text, macro.isPlain)
    const text = scalar.text.replace(reference, (written, name: string) => scope.get(name)?.text ?? written)
    return text === scalar.text ? scalar : scalar.with(text, false)
  })
}

/** The references that nothing stands for. */
export function leftovers(tree: Tree, isAllowed: (name: string, path: Path) => boolean): readonly Problem[] {
  const problems: Problem[] = []
  mapScalars(tree, (scalar, path) => {
    for (const [written, name] of scalar.text.matchAll(leftover)) {
      if (!isAllowed(name!, path)) problems.push({ ...problemAt(tree, path, unknown(written)), path: dotted(path) })
    }
    return scalar
  })
  return problems
}

function unknown(written: string): string {
  return `nothing is known as ${written}. Known are \${PORT} and \${MODEL_ID}, and \${PID} in cmdStop`
}
