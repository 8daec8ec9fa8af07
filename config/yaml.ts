import { Composer, type Document, LineCounter, type Node, Parser, type YAMLParseError } from 'yaml'
import { tooDeep } from './anchors.ts'
import type { Place, Problem } from './problem.ts'
import { Reader } from './reader.ts'
import { refer, shield, unshield } from './references.ts'
import { Mapping, Scalar, type Tree } from './tree.ts'

/** A broken file has one mistake or two, and a hundred errors that follow from them. */
const mostErrors = 10

/**
 * Reads YAML text. Only the first document counts; nothing at all, and any spelling of null, is an empty mapping (§2.2).
 * Never throws, and takes time and room in proportion to the text: what cannot be read is a problem.
 * @param file what problems call the text
 */
export function readYaml(text: string, file: string): { tree: Tree; problems: readonly Problem[] } {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const nothing = new Mapping(new Map(), new Map(), placeAt(0))

  const { contents, errors } = firstDocument(shield(text), lines)
  if (errors.length > 0) {
    const problems = errors.map((error) => ({ place: placeAt(error.pos[0]), path: '', message: explain(error, text) }))
    return { tree: nothing, problems: problems.slice(0, mostErrors) }
  }

  const reader = new Reader(text, placeAt)
  const tree = reader.read(contents as Node | null)
  const isNothing = tree instanceof Scalar && tree.isNull
  return { tree: isNothing ? nothing : tree, problems: reader.problems.slice(0, mostErrors) }
}

/** Plain words are left as they are: what they mean depends on the field that they are for. */
function firstDocument(text: string, lines: LineCounter): Document {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false })
  const [document] = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)
  return document as Document
}

function explain({ code, message, pos: [offset] }: YAMLParseError, text: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep
  const isReference = text.startsWith(`\${`, offset - 1)
  const hint = isReference ? `. Inside [ ] and { }, quote what refers to a macro, such as "${refer('PORT')}"` : ''
  return `this is not valid YAML: ${unshield(message)}${hint}`
}
