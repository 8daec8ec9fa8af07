import { Scalar, type Tree } from './tree.ts'

/** Deeper than anybody writes, and far from where a walk over the tree could run out of stack. */
export const deepest = 100
export const tooDeep = `this is nested deeper than ${deepest} levels`

/** What aliases may add to a file: a few lines of aliases to aliases would otherwise fill any memory. */
const mostCopies = 100_000
const textPerCell = 100

interface Anchored {
  readonly tree: Tree
  /** Values in it, aliases followed; a long text counts for several. */
  readonly size: number
  readonly height: number
}

/** What the anchors of one file stand for. A copy is the same tree, and is counted as if it were another. */
export class Anchors {
  /** Null while the anchored value is being read. */
  readonly #anchored = new Map<string, Anchored | null>()
  #size = 0
  #copied = 0
  #depthReached = 0

  /** Counts one value that was read, without what is in it. */
  count(tree: Tree, depth: number): void {
    this.#size += tree instanceof Scalar ? 1 + Math.floor(tree.text.length / textPerCell) : 1
    this.#depthReached = Math.max(this.#depthReached, depth)
  }

  /** Reads an anchored value. An anchor may be defined again, and then stands for the later value. */
  define(name: string, depth: number, read: () => Tree): Tree {
    const outside = { size: this.#size, depthReached: this.#depthReached }
    this.#anchored.set(name, null)
    this.#depthReached = depth
    const tree = read()
    this.#anchored.set(name, { tree, size: this.#size - outside.size, height: this.#depthReached - depth })
    this.#depthReached = Math.max(this.#depthReached, outside.depthReached)
    return tree
  }

  /** What an alias stands for, or why it stands for nothing. */
  follow(name: string, depth: number): Tree | string {
    const target = this.#anchored.get(name)
    if (target === null) return `the anchor &${name} holds itself`
    if (target === undefined) return `the anchor &${name} is not defined before this line`
    if (depth + target.height > deepest) return `with the alias *${name}, ${tooDeep}`
    this.#copied += target.size
    if (this.#copied > mostCopies) return `the aliases of this file stand for more than ${mostCopies} values`
    this.#size += target.size
    this.#depthReached = Math.max(this.#depthReached, depth + target.height)
    return target.tree
  }
}
