import { type Dialect, platformDialect } from './command.ts'
import { openQuotes } from './command-lines.ts'
import type { Config } from './config.ts'
import type { Environment } from './environment.ts'
import { expandTree } from './expansion.ts'
import { mergeTrees } from './merge.ts'
import { normalise } from './normalise.ts'
import { ConfigError, firstOfEach, inOrder, type Problem } from './problem.ts'
import { readTree } from './read-tree.ts'
import { rootSchema } from './schema.ts'
import { readSources, type Source, type Sources } from './sources.ts'
import { typeTree } from './type-tree.ts'
import { knownKeys, unknownKeys } from './unknown-keys.ts'

export interface Loaded {
  readonly config: Config
  /** What works, and is most likely not what was meant. */
  readonly warnings: readonly Problem[]
}

export interface LoadOptions {
  /** How commands are written. Default: as on this machine. */
  readonly dialect?: Dialect
  /** What `${env.NAME}` refers to. Default: the environment of this process. */
  readonly environment?: Environment
  /** Keys that nobody reads are mistakes rather than warnings. Default: false, as in the reference. */
  readonly isStrict?: boolean
}

/** @throws ConfigError with every problem of the files, or the one that they cannot be read */
export function loadConfig(sources: Sources, options: LoadOptions = {}): Loaded {
  return parseSources(readSources(sources), options)
}

/**
 * Text to configuration.
 * @param file what problems call the text
 * @throws ConfigError with every problem
 */
export function parseConfig(text: string, file: string, options: LoadOptions = {}): Loaded {
  return parseSources([{ file, text }], options)
}

/**
 * Several texts to one configuration, in the steps of §4. What can go on after a mistake goes on, so that all of them are
 * told at once.
 * @throws ConfigError with every problem
 */
export function parseSources(sources: readonly Source[], options: LoadOptions = {}): Loaded {
  const { dialect = platformDialect, environment = process.env, isStrict = false } = options
  const found: Problem[] = []
  const note = <T extends { readonly problems: readonly Problem[] }>(step: T): T => {
    found.push(...step.problems)
    return step
  }

  const known = knownKeys(rootSchema)
  const written = sources.flatMap((source) => note(readTree(source, dialect, environment, known)).trees)
  if (written.length < sources.length) throw new ConfigError(found)
  const { tree: merged } = note(mergeTrees(written))
  const { tree, ports } = note(expandTree(merged, known))
  const { root, rest, problems: unread } = note(typeTree(tree))
  if (!root) throw new ConfigError(found)
  const { config, problems: meaning } = normalise(root, { tree: rest, ports, dialect })
  found.push(...meaning.filter(isNewsBeside(unread)))

  const unknown = unknownKeys(rootSchema, tree).map((problem) => ({ ...problem, isWarning: !isStrict }))
  const doubtful = [...found, ...unknown, ...openQuotes(tree, dialect)]
  const warnings = doubtful.filter(({ isWarning }) => isWarning)
  const errors = firstOfEachPath(doubtful.filter(({ isWarning }) => !isWarning))
  if (errors.length > 0) throw new ConfigError([...errors, ...warnings])
  return { config: deepFreeze(config), warnings: inOrder(warnings) }
}

/** A value that could not be read was left out: what is then said of it, or of what holds it, is no news. */
function isNewsBeside(unread: readonly Problem[]): (problem: Problem) => boolean {
  return ({ path }) =>
    unread.every(
      (known) => known.path !== path && !known.path.startsWith(`${path}.`) && !known.path.startsWith(`${path}[`),
    )
}

/** One thing at a time is said of each value. */
function firstOfEachPath(problems: readonly Problem[]): readonly Problem[] {
  return firstOfEach(problems, ({ path }) => path)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const child of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(child)
  return value
}
