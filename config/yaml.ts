import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml'
import type { Place, Problem } from './problem.ts'
import { List, Mapping, Scalar, type Tree } from './tree.ts'

/**
 * Reads YAML text. Only the first document counts; nothing at all, and any spelling of null, is an empty mapping (§2.2).
 * Never throws: what cannot be read is a problem.
 */
export function readYaml(text: string, file: string): { tree: Tree; problems: readonly Problem[] } {
  const lines = new LineCounter()
  const reader = new Reader(file, text, lines)
  const [document] = parseAllDocuments(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
  })
  const empty = new Mapping(new Map(), new Map(), { file, line: 1, column: 1 })
  if (!document || !('contents' in document) || document.contents === null) {
    return { tree: empty, problems: reader.problems }
  }
  for (const { message, pos } of document.errors) reader.complain(pos[0], `this is not valid YAML: ${message}`)
  const tree = reader.read(document.contents as Node, document as Document)
  return { tree: tree instanceof Scalar && tree.isNull ? empty : tree, problems: reader.problems }
}

/** YAML's merge key: the mappings it names are read where explicit keys do not stand (yaml.org/type/merge). */
const mergeKey = '<<'

class Reader {
  readonly problems: Problem[] = []
  readonly #file: string
  readonly #text: string
  readonly #lines: LineCounter
  /** Aliases being followed: one that holds itself never ends. */
  readonly #following = new Set<Node>()

  constructor(file: string, text: string, lines: LineCounter) {
    this.#file = file
    this.#text = text
    this.#lines = lines
  }

  complain(offset: number, message: string): void {
    this.problems.push({ place: this.#placeAt(offset), path: '', message })
  }

  read(node: Node | null, document: Document): Tree {
    const place = this.#placeAt(node?.range?.[0] ?? 0)
    if (isAlias(node)) return this.#follow(node, document, place)
    if (isSeq(node)) {
      return new List(
        node.items.map((item) => this.read(item as Node | null, document)),
        place,
      )
    }
    if (isMap(node)) return this.#readMapping(node.items as Item[], document, place)
    if (isScalar(node)) {
      const source = node.range ? this.#text.slice(node.range[0], node.range[1]) : ''
      return new Scalar(node.source ?? String(node.value ?? ''), node.type === 'PLAIN', place, source)
    }
    return new Scalar('', true, place)
  }

  #follow(alias: Alias, document: Document, place: Place): Tree {
    const target = alias.resolve(document)
    if (!target || this.#following.has(target)) {
      const why = target ? 'holds itself' : 'is not defined before this line'
      this.complain(alias.range?.[0] ?? 0, `the anchor &${alias.source} ${why}`)
      return new Scalar('', true, place)
    }
    this.#following.add(target)
    const tree = this.read(target, document)
    this.#following.delete(target)
    return tree
  }

  #readMapping(items: readonly Item[], document: Document, place: Place): Mapping {
    const entries = new Map<string, Tree>()
    const keys = new Map<string, Place>()
    const merged: Tree[] = []
    for (const { key, value } of items) {
      const offset = key?.range?.[0] ?? 0
      const name = this.read(key, document)
      if (!(name instanceof Scalar)) this.complain(offset, 'a key must be a single word, not a list or a mapping')
      else if (name.text === mergeKey && name.isPlain) merged.push(this.read(value, document))
      else if (entries.has(name.text)) this.complain(offset, `the key \`${name.text}\` stands twice in this mapping`)
      else {
        entries.set(name.text, value ? this.read(value, document) : new Scalar('', true, this.#placeAt(offset)))
        keys.set(name.text, this.#placeAt(offset))
      }
    }
    for (const source of merged.flatMap((tree) => (tree instanceof List ? tree.items : [tree]))) {
      if (!(source instanceof Mapping)) {
        this.problems.push({ place: source.place, path: '', message: 'only mappings can be merged with `<<`' })
        continue
      }
      for (const [name, value] of source.entries) {
        if (entries.has(name)) continue
        entries.set(name, value)
        keys.set(name, source.keys.get(name) ?? source.place)
      }
    }
    return new Mapping(entries, keys, place)
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) }
  }
}

interface Item {
  readonly key: Node | null
  readonly value: Node | null
}
