import type { Dialect } from './command.ts'
import { withoutCommentLines } from './command-lines.ts'
import { type Environment, substituteEnvironment } from './environment.ts'
import type { Problem } from './problem.ts'
import type { Source } from './sources.ts'
import { Mapping, problemAt } from './tree.ts'
import { readYaml } from './yaml.ts'

/**
 * What one file says, with the environment put in (§2.2, §5). Files are read each by itself: anchors, merge keys and places
 * are theirs.
 * @param knownKeys of the root
 * @returns one tree, or none when the file cannot be understood at all
 */
export function readTree(
  { file, text }: Source,
  dialect: Dialect,
  environment: Environment,
  knownKeys: readonly string[],
): { trees: readonly Mapping[]; problems: readonly Problem[] } {
  const { tree, problems } = readYaml(text, file)
  if (problems.length > 0) return { trees: [], problems }
  if (!(tree instanceof Mapping)) {
    return { trees: [], problems: [problemAt(tree, [], 'a configuration is a mapping, with `models:` in it')] }
  }
  const substituted = substituteEnvironment(withoutCommentLines(tree, dialect, knownKeys), environment)
  return { trees: [substituted.tree], problems: substituted.problems }
}
