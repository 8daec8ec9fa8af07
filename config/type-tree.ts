import * as v from 'valibot'
import type { Problem } from './problem.ts'
import { type Root, rootSchema } from './schema.ts'
import { type Mapping, type Path, problemAt, type Tree, without } from './tree.ts'

/**
 * Types the tree. Values that cannot be read are noted and left out of the rest, so that one mistake does not hide the others;
 * without a root only when that does not help.
 */
export function typeTree(tree: Mapping): { root: Root | undefined; rest: Tree; problems: readonly Problem[] } {
  const first = v.safeParse(rootSchema, tree)
  if (first.success) return { root: first.output, rest: tree, problems: [] }
  const paths = first.issues.map(pathOf)
  const problems = first.issues.map((issue, index) => problemAt(tree, paths[index]!, issue.message))
  // From the last to the first: leaving out an item moves those behind it.
  const rest = paths.toReversed().reduce<Tree>(without, tree)
  const second = v.safeParse(rootSchema, rest)
  return { root: second.success ? second.output : undefined, rest, problems }
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => key as string | number)
}
