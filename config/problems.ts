import type { Problem } from './problem.ts'
import { type Path, problemAt, type Tree } from './tree.ts'

/** Gathers what is wrong or doubtful in a tree, each with its place: all of it is told at once. */
export class Problems {
  readonly all: Problem[] = []
  readonly #tree: Tree

  constructor(tree: Tree) {
    this.#tree = tree
  }

  error(path: Path, message: string): void {
    this.all.push(problemAt(this.#tree, path, message))
  }

  warning(path: Path, message: string): void {
    this.all.push({ ...problemAt(this.#tree, path, message), isWarning: true })
  }
}
