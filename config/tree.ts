import type { Place, Problem } from './problem.ts'

/** A configuration as it was written: aliases and merge keys resolved, nothing typed, every node with its place. */
export type Tree = Scalar | List | Mapping

/** One value, with its spelling: a text field wants `1.10` as it was written, a number field wants the number. */
export class Scalar {
  readonly text: string
  /** Written plainly, so that `10` is a number and `yes` may be a boolean; quoted text is text. */
  readonly isPlain: boolean
  readonly place: Place
  /** The same in the file's own characters, quotes and all; empty when the text was made from others. */
  readonly source: string

  constructor(text: string, isPlain: boolean, place: Place, source = '') {
    this.text = text
    this.isPlain = isPlain
    this.place = place
    this.source = source
  }

  get isNull(): boolean {
    return this.isPlain && /^(?:|~|null|Null|NULL)$/.test(this.text)
  }

  /** The same place with another text. */
  with(text: string, isPlain: boolean): Scalar {
    return new Scalar(text, isPlain, this.place)
  }
}

export class List {
  readonly items: readonly Tree[]
  readonly place: Place

  constructor(items: readonly Tree[], place: Place) {
    this.items = items
    this.place = place
  }
}

/** Keys in the order of the document. A `Map`, because a model may be called `10`, `__proto__` or `constructor`. */
export class Mapping {
  readonly entries: ReadonlyMap<string, Tree>
  /** Where each key stands. */
  readonly keys: ReadonlyMap<string, Place>
  readonly place: Place
  /** Where it takes in other mappings by `<<`, if it does. */
  readonly merge: Place | undefined

  constructor(
    entries: ReadonlyMap<string, Tree>,
    keys: ReadonlyMap<string, Place>,
    place: Place,
    merge: Place | undefined = undefined,
  ) {
    this.entries = entries
    this.keys = keys
    this.place = place
    this.merge = merge
  }

  with(key: string, value: Tree): Mapping {
    return new Mapping(new Map(this.entries).set(key, value), this.keys, this.place, this.merge)
  }

  without(key: string): Mapping {
    const entries = new Map(this.entries)
    entries.delete(key)
    return new Mapping(entries, this.keys, this.place, this.merge)
  }
}

export type Path = readonly (string | number)[]

/** `peers.p.models[0]`. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** The node at a path, if there is one. */
export function at(tree: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, key) => {
    if (node instanceof Mapping) return node.entries.get(String(key))
    if (node instanceof List) return node.items[Number(key)]
    return undefined
  }, tree)
}

/** The tree without the node at a path. */
export function without(tree: Tree, [key, ...rest]: Path): Tree {
  if (tree instanceof Mapping) {
    const child = tree.entries.get(String(key))
    if (!child) return tree
    return rest.length === 0 ? tree.without(String(key)) : tree.with(String(key), without(child, rest))
  }
  if (!(tree instanceof List)) return tree
  const items = tree.items.flatMap((item, index) =>
    index !== key ? [item] : rest.length === 0 ? [] : [without(item, rest)],
  )
  return new List(items, tree.place)
}

/** A problem at a path: at its key when there is one, else at the nearest thing around it. */
export function problemAt(tree: Tree, path: Path, message: string): Problem {
  let node: Tree = tree
  let place = tree.place
  for (const key of path) {
    const next = at(node, [key])
    if (!next) break
    place = node instanceof Mapping ? (node.keys.get(String(key)) ?? next.place) : next.place
    node = next
  }
  return { place, path: dotted(path), message }
}

/** Every scalar value below the tree, changed. Keys stay, and so does whatever has nothing changed in it. */
export function mapScalars(tree: Tree, change: (scalar: Scalar, path: Path) => Scalar, path: Path = []): Tree {
  if (tree instanceof Scalar) return change(tree, path)
  if (tree instanceof List) {
    const items = tree.items.map((item, index) => mapScalars(item, change, [...path, index]))
    return items.every((item, index) => item === tree.items[index]) ? tree : new List(items, tree.place)
  }
  let isSame = true
  const entries = new Map<string, Tree>()
  for (const [key, value] of tree.entries) {
    const changed = mapScalars(value, change, [...path, key])
    isSame &&= changed === value
    entries.set(key, changed)
  }
  return isSame ? tree : new Mapping(entries, tree.keys, tree.place, tree.merge)
}
