import { type Dialect, hasOpenQuote, withoutComments } from './command.ts'
import type { Problem } from './problem.ts'
import { type Mapping, mapScalars, type Path, problemAt, type Tree } from './tree.ts'

/**
 * Drops the comment lines of commands, so that what they mention asks for nothing (§4 step 5).
 * @param knownKeys of the root: what is under others may be a template of models
 */
export function withoutCommentLines(tree: Mapping, dialect: Dialect, knownKeys: readonly string[]): Mapping {
  const isInTemplate = ([root]: Path) => !knownKeys.includes(String(root))
  return mapScalars(tree, (scalar, path) => {
    const isCommand = isCommandOfModel(path) || (isInTemplate(path) && isCommandName(path.at(-1)))
    if (!isCommand || !scalar.text.includes('#')) return scalar
    return scalar.with(withoutComments(scalar.text, dialect), scalar.isPlain)
  }) as Mapping
}

/** Warns of quotes that are opened and never closed: the rest of the command is then one word (§18.25). */
export function openQuotes(tree: Tree, dialect: Dialect): readonly Problem[] {
  const problems: Problem[] = []
  mapScalars(tree, (scalar, path) => {
    if (isCommandOfModel(path) && hasOpenQuote(scalar.text, dialect)) {
      const message = 'a quote is opened and never closed: all that follows it is one word'
      problems.push({ ...problemAt(tree, path, message), isWarning: true })
    }
    return scalar
  })
  return problems
}

function isCommandOfModel(path: Path): boolean {
  return path.length === 3 && path[0] === 'models' && isCommandName(path[2])
}

function isCommandName(key: string | number | undefined): boolean {
  return key === 'cmd' || key === 'cmdStop'
}
