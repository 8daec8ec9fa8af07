import type { MatrixSet, ModelId, SetExpression } from '../config.ts'
import { nearest } from '../nearest.ts'
import type { Problems } from '../problems.ts'
import type { Path } from '../tree.ts'
import { type Complain, inDependencyOrder, leavesOf } from './dependencies.ts'
import { parseExpression, type Syntax } from './parse.ts'
import { SyntaxFault } from './tokens.ts'
import type { Vocabulary } from './vars.ts'

/** Parses the sets, resolves every name in them, and puts each after those it refers to (§12.2, §12.4). */
export function normaliseSets(
  written: ReadonlyMap<string, string>,
  vocabulary: Vocabulary,
  path: Path,
  problems: Problems,
): readonly MatrixSet[] {
  if (written.size === 0) problems.error(path, 'a matrix needs at least one set of models')
  let isSound = true
  const complain: Complain = (set, at, message) => {
    problems.errorWithin([...path, set], at, message)
    isSound = false
  }

  const parsed = new Map<string, Syntax>()
  for (const [id, text] of written) {
    try {
      parsed.set(id, parseExpression(text))
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
      complain(id, fault.at, fault.message)
    }
  }
  const names = new Set(written.keys())
  for (const [id, syntax] of parsed) explainNames(id, syntax, names, vocabulary, complain)
  const order = inDependencyOrder(parsed, complain)
  return isSound ? order.map((id) => ({ id, expression: resolve(parsed.get(id)!, vocabulary.resolve) })) : []
}

/** Says once of each name that it means nothing. */
function explainNames(
  id: string,
  syntax: Syntax,
  sets: ReadonlySet<string>,
  { resolve, explain }: Vocabulary,
  complain: Complain,
): void {
  const said = new Set<string>()
  for (const { type, name, at } of leavesOf(syntax)) {
    const isKnown = type === 'set' ? sets.has(name) : resolve(name) !== undefined
    if (isKnown || said.has(`${type} ${name}`)) continue
    said.add(`${type} ${name}`)
    if (type === 'name') complain(id, at, sets.has(name) ? `\`${name}\` is a set: write \`+${name}\`` : explain(name))
    else {
      const near = nearest(
        name,
        [...sets].filter((other) => other !== id),
      )
      complain(id, at, `there is no set \`${name}\`${near === undefined ? '' : `: did you mean \`+${near}\`?`}`)
    }
  }
}

/** @param resolveName knows every name of the expression */
export function resolve(syntax: Syntax, resolveName: (name: string) => ModelId | undefined): SetExpression {
  switch (syntax.type) {
    case 'name':
      return { type: 'model', model: resolveName(syntax.name)! }
    case 'set':
      return { type: 'set', set: syntax.name }
    case 'any':
    case 'all':
      return { type: syntax.type, of: syntax.of.map((part) => resolve(part, resolveName)) }
  }
}
