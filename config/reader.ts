import { type Alias, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { Anchors, deepest, tooDeep } from './anchors.ts'
import { standsTwice } from './keys.ts'
import type { Place, Problem } from './problem.ts'
import { unshield } from './references.ts'
import { List, Mapping, Scalar, type Tree } from './tree.ts'

/** YAML's merge key: the mappings it names are read where explicit keys do not stand (yaml.org/type/merge). */
const mergeKey = '<<'

/** Tags that say whether a word is text or may be something else, in quotes or not. Others say nothing. */
const textTags: readonly unknown[] = ['!', 'tag:yaml.org,2002:str']
const wordTags: readonly unknown[] = ['int', 'float', 'bool', 'null', 'timestamp'].map(
  (name) => `tag:yaml.org,2002:${name}`,
)

/** Turns the nodes of one YAML document into a tree: aliases and merge keys are resolved, and every node keeps its place. */
export class Reader {
  readonly problems: Problem[] = []
  readonly #text: string
  readonly #placeAt: (offset: number) => Place
  readonly #anchors = new Anchors()
  #depth = 0

  constructor(text: string, placeAt: (offset: number) => Place) {
    this.#text = text
    this.#placeAt = placeAt
  }

  read(node: Node | null, offset = node?.range?.[0] ?? 0): Tree {
    const found = isAlias(node) ? this.#anchors.follow(node.source, this.#depth) : this.#define(node, offset)
    if (typeof found !== 'string') return found
    this.#complain(offset, found)
    return new Scalar('', true, this.#placeAt(offset))
  }

  #complain(offset: number, message: string): void {
    this.problems.push({ place: this.#placeAt(offset), path: '', message: unshield(message) })
  }

  #define(node: Exclude<Node, Alias> | null, offset: number): Tree | string {
    if (this.#depth > deepest) return tooDeep
    const read = () => this.#readNode(node, offset)
    return node?.anchor === undefined ? read() : this.#anchors.define(node.anchor, this.#depth, read)
  }

  #readNode(node: Node | null, offset: number): Tree {
    this.#depth++
    const tree = this.#readContents(node, offset)
    this.#depth--
    this.#anchors.count(tree, this.#depth)
    return tree
  }

  #readContents(node: Node | null, offset: number): Tree {
    const place = this.#placeAt(offset)
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null))
      return new List(items, place)
    }
    if (isMap(node)) return this.#readMapping(node.items as Item[], place)
    if (!isScalar(node)) return new Scalar('', true, place)
    const isPlain = wordTags.includes(node.tag) || (node.type === 'PLAIN' && !textTags.includes(node.tag))
    const [start, end] = node.range ?? [0, 0]
    return new Scalar(unshield(node.source ?? ''), isPlain, place, this.#text.slice(start, end))
  }

  #readMapping(items: readonly Item[], place: Place): Mapping {
    const entries = new Map<string, Tree>()
    const keys = new Map<string, Place>()
    let merge: { readonly place: Place; readonly sources: readonly Tree[] } | undefined
    for (const { key, value } of items) {
      const offset = key?.range?.[0] ?? 0
      const name = this.read(key)
      const tree = this.read(value, value?.range?.[0] ?? offset)
      if (!(name instanceof Scalar)) {
        this.#complain(offset, 'a key must be a single word, not a list or a mapping')
        continue
      }
      const isMerge = name.isPlain && name.text === mergeKey
      const first = isMerge ? merge?.place : keys.get(name.text)
      if (first) this.#complain(offset, standsTwice(name.text, first))
      else if (isMerge) {
        merge = { place: this.#placeAt(offset), sources: tree instanceof List ? tree.items : [tree] }
      } else {
        entries.set(name.text, tree)
        keys.set(name.text, this.#placeAt(offset))
      }
    }
    for (const source of merge?.sources ?? []) this.#merge(source, entries, keys)
    return new Mapping(entries, keys, place, merge?.place)
  }

  /** Explicit keys stand, and so do those of earlier sources. */
  #merge(source: Tree, entries: Map<string, Tree>, keys: Map<string, Place>): void {
    if (!(source instanceof Mapping)) {
      this.problems.push({ place: source.place, path: '', message: 'only mappings can be merged with `<<`' })
      return
    }
    for (const [name, value] of source.entries) {
      if (entries.has(name)) continue
      entries.set(name, value)
      keys.set(name, source.keys.get(name) ?? source.place)
    }
  }
}

interface Item {
  readonly key: Node | null
  readonly value: Node | null
}
