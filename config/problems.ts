import { placeWithin } from './place-within.ts'
import type { Problem } from './problem.ts'
import { at, type Path, problemAt, Scalar, type Tree } from './tree.ts'

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

  /** At one of the characters of a scalar's text. */
  errorWithin(path: Path, index: number, message: string): void {
    const problem = problemAt(this.#tree, path, message)
    const scalar = at(this.#tree, path)
    this.all.push(scalar instanceof Scalar ? { ...problem, place: placeWithin(scalar, index) } : problem)
  }

  warning(path: Path, message: string): void {
    this.all.push({ ...problemAt(this.#tree, path, message), isWarning: true })
  }
}
