import { byCodePoint } from './order.ts'

/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One thing that is wrong, or doubtful, in a configuration. */
export interface Problem {
  readonly place: Place
  /** Dotted, such as `models.qwen.ttl`; empty for the whole file. */
  readonly path: string
  /** What is wrong and what to do about it, in the user's words. */
  readonly message: string
  /** It works, and is most likely not what was meant. */
  readonly isWarning?: boolean
}

/** A configuration that cannot be used, with everything that is wrong or doubtful in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'invalid_config'
  /** In the order of the document. */
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const sorted = inOrder(problems)
    super(formatProblems(sorted))
    this.problems = sorted
  }
}

/** In the order of the document, and each thing once: what an alias repeats is wrong in one place. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return firstOfEach(problems, (problem) => formatProblem({ ...problem, path: '' })).toSorted(byPlace)
}

export function firstOfEach(problems: readonly Problem[], keyOf: (problem: Problem) => string): readonly Problem[] {
  const first = new Map<string, Problem>()
  for (const problem of problems) {
    const key = keyOf(problem)
    if (!first.has(key)) first.set(key, problem)
  }
  return [...first.values()]
}

function byPlace({ place: a }: Problem, { place: b }: Problem): number {
  return byCodePoint(a.file, b.file) || a.line - b.line || a.column - b.column
}

/** One line each, `file:line:column  path: message`, which editors and terminals turn into links. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n')
}

function formatProblem({ place: { file, line, column }, path, message, isWarning }: Problem): string {
  const where = line > 0 ? `${file}:${line}:${column}` : file
  return `${where}  ${isWarning ? 'warning: ' : ''}${path === '' ? '' : `${path}: `}${message}`
}
