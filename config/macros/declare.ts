import type { Place, Problem } from '../problem.ts'
import { macroReference } from '../references.ts'
import { dotted, Mapping, type Path, Scalar, type Tree } from '../tree.ts'
import { reserved } from './schema.ts'

/** What references by a name stand for: a number or a boolean if it was written so, else text. */
export interface Macro {
  readonly name: string
  readonly value: Scalar
  /** Where it is declared. */
  readonly place: Place
  readonly path: string
}

const mostBytes = 63

/** A plain word that YAML 1.1 takes for a date (§3). */
const date =
  /^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}\S*(?: \S+)?)?$/

/**
 * Reads a `macros` block, in its order (§6.2). One that is wrong is declared all the same where it can be, so that its uses
 * are no mistakes of their own.
 */
export function declareMacros(
  block: Tree | undefined,
  path: Path,
): { macros: readonly Macro[]; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const complain = (place: Place, key: Path, message: string) =>
    problems.push({ place, path: dotted([...path, ...key]), message })

  if (block === undefined || (block instanceof Scalar && block.isNull)) return { macros: [], problems }
  if (!(block instanceof Mapping)) {
    complain(block.place, [], 'expected a mapping of names to values')
    return { macros: [], problems }
  }
  if (block.merge) complain(block.merge, ['<<'], 'macros cannot be merged in with `<<`: write them where they are used')

  const macros = [...block.entries].flatMap(([name, value]): readonly Macro[] => {
    const place = block.keys.get(name) ?? value.place
    const why = whyNotDeclared(name, value)
    if (why !== undefined) complain(place, [name], why)
    if (reserved.includes(name)) return []
    const scalar = value instanceof Scalar ? value : new Scalar('', true, value.place)
    return [{ name, value: scalar, place, path: dotted([...path, name]) }]
  })
  return { macros, problems }
}

/** The first reason, in the order of the reference. */
function whyNotDeclared(name: string, value: Tree): string | undefined {
  if (Buffer.byteLength(name) > mostBytes) return `the name of a macro has at most ${mostBytes} bytes`
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return `\`${name}\` is no name for a macro: use letters, digits, \`_\` and \`-\``
  if (value instanceof Scalar && refersTo(value, name)) return `it refers to itself: ${name} -> ${name}`
  const what = kindOf(value)
  if (what !== undefined) return `a macro is text, a number, true or false, and this is ${what}`
  if (reserved.includes(name)) return `hotseat gives \`${name}\` its value: choose another name`
  return undefined
}

function refersTo({ text }: Scalar, name: string): boolean {
  return [...text.matchAll(macroReference)].some(([, other]) => other === name)
}

/** What cannot be a macro. */
function kindOf(value: Tree): string | undefined {
  if (value instanceof Mapping) return 'a mapping'
  if (!(value instanceof Scalar)) return 'a list'
  if (value.isNull) return 'nothing'
  return value.isPlain && date.test(value.text) ? 'a date: quote it to make it text' : undefined
}
