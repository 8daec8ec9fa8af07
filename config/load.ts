import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { type Dialect, withoutComments } from './command.ts'
import type { Config } from './config.ts'
import { expand, leftovers } from './macros.ts'
import { normalise } from './normalise.ts'
import { byCodePoint } from './order.ts'
import { Ports } from './ports.ts'
import { ConfigError, inOrder, type Problem } from './problem.ts'
import { type Root, rootSchema } from './schema.ts'
import { at, Mapping, mapScalars, type Path, problemAt, Scalar, type Tree, without } from './tree.ts'
import { unknownKeys } from './unknown-keys.ts'
import { readYaml } from './yaml.ts'

export interface Loaded {
  readonly config: Config
  /** What works, and is most likely not what was meant. */
  readonly warnings: readonly Problem[]
}

const platformDialect: Dialect = process.platform === 'win32' ? 'windows' : 'posix'

/** @throws ConfigError with every problem of the file, or the one that it cannot be read */
export function loadConfig(file: string, dialect = platformDialect): Loaded {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const message = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
    throw new ConfigError([{ place: { file, line: 0, column: 0 }, path: '', message }])
  }
  return parseConfig(text, file, dialect)
}

/**
 * Text to configuration, in the steps of §4.
 * @param file what problems call the text
 * @throws ConfigError with every problem
 */
export function parseConfig(text: string, file: string, dialect = platformDialect): Loaded {
  const { tree: written, problems } = readYaml(text, file)
  if (problems.length > 0) throw new ConfigError(problems)
  if (!(written instanceof Mapping)) {
    throw new ConfigError([problemAt(written, [], 'a configuration is a mapping, with `models:` in it')])
  }

  const found: Problem[] = []
  const note = <T extends { readonly problems: readonly Problem[] }>(step: T): T => {
    found.push(...step.problems)
    return step
  }

  const { tree, ports } = note(expandModels(withoutCommentLines(written), Number(startPortOf(written))))
  found.push(...leftovers(tree, isProcessId))
  const { root, rest, problems: typing } = note(readRoot(tree))
  if (!root) throw new ConfigError(found)

  const { config, problems: meaning } = normalise(root, { tree: rest, ports, dialect })
  found.push(...meaning.filter(isNewsBeside(typing)))
  const errors = found.filter(({ isWarning }) => !isWarning)
  const warnings = inOrder([...found.filter(({ isWarning }) => isWarning), ...unknownKeys(rootSchema, tree)])
  if (errors.length > 0) throw new ConfigError([...errors.filter(isFirstAtItsPath), ...warnings])
  return { config: deepFreeze(config), warnings }
}

/**
 * Types the tree. Values that cannot be read are noted and left out, so that one mistake does not hide the others; without a
 * root only when that does not help.
 */
function readRoot(tree: Tree): { root: Root | undefined; rest: Tree; problems: readonly Problem[] } {
  const first = v.safeParse(rootSchema, tree)
  if (first.success) return { root: first.output, rest: tree, problems: [] }
  const paths = first.issues.map(pathOf)
  const problems = first.issues.map((issue, index) => problemAt(tree, paths[index]!, issue.message))
  // From the last to the first: leaving out an item moves those behind it.
  const rest = paths.toReversed().reduce(without, tree)
  const second = v.safeParse(rootSchema, rest)
  return { root: second.success ? second.output : undefined, rest, problems }
}

/** A value that could not be read was left out: what is then said of it, or of what holds it, is no news. */
function isNewsBeside(typing: readonly Problem[]): (problem: Problem) => boolean {
  return ({ path }) =>
    typing.every(
      (known) => known.path !== path && !known.path.startsWith(`${path}.`) && !known.path.startsWith(`${path}[`),
    )
}

/** One thing at a time is said of each value. */
function isFirstAtItsPath({ path }: Problem, index: number, problems: readonly Problem[]): boolean {
  return problems.findIndex((other) => other.path === path) === index
}

/** Comment lines in commands are no text: what they mention asks for nothing (§4 step 5). */
function withoutCommentLines(tree: Mapping): Mapping {
  const isCommand = (path: Path) =>
    path[0] === 'models' && (path[2] === 'cmd' || path[2] === 'cmdStop') && path.length === 3
  return mapScalars(tree, (scalar, path) =>
    isCommand(path) ? scalar.with(withoutComments(scalar.text), scalar.isPlain) : scalar,
  ) as Mapping
}

/** Expands each model with what only it knows, in ascending order of the ids (§4 steps 8 and 9). */
function expandModels(
  tree: Mapping,
  startPort: number,
): { tree: Mapping; ports: ReadonlyMap<string, number | null>; problems: readonly Problem[] } {
  const models = tree.entries.get('models')
  const given = new Map<string, number | null>()
  if (!(models instanceof Mapping)) return { tree, ports: given, problems: [] }

  const ports = new Ports(startPort)
  const problems: Problem[] = []
  let expanded = models
  for (const [id, model] of [...models.entries].sort(([a], [b]) => byCodePoint(a, b))) {
    if (!(model instanceof Mapping)) continue
    const scope = new Map([['MODEL_ID', new Scalar(id, false, model.place)]])
    const step = ports.assign(expand(withProxy(model), scope) as Mapping)
    problems.push(...step.problems.map((problem) => ({ ...problem, path: `models.${id}.${problem.path}` })))
    given.set(id, step.port)
    expanded = expanded.with(id, step.model)
  }
  return { tree: tree.with('models', expanded), ports: given, problems }
}

/** A model that says nothing else listens on the port it is given. */
function withProxy(model: Mapping): Mapping {
  const proxy = model.entries.get('proxy')
  const isMissing = proxy === undefined || (proxy instanceof Scalar && proxy.isNull)
  return isMissing ? model.with('proxy', new Scalar(`http://localhost:\${PORT}`, false, model.place)) : model
}

function startPortOf(tree: Tree): string {
  const port = at(tree, ['startPort'])
  return port instanceof Scalar && !port.isNull ? port.text : '5800'
}

function isProcessId(name: string, path: Path): boolean {
  return name === 'PID' && path[0] === 'models' && path[2] === 'cmdStop'
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => key as string | number)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const child of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(child)
  return value
}
