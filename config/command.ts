import { PosixSplitter, type Splitter, WindowsSplitter } from './words.ts'

/** How a command line is cut into words: as a POSIX shell quotes, or as Windows programs do. */
export type Dialect = 'posix' | 'windows'

/** How commands are written on this machine. */
export const platformDialect: Dialect = process.platform === 'win32' ? 'windows' : 'posix'

/**
 * Splits a command into words, without a shell (§9): no globbing, no variables, no pipes. Lines that begin with `#` are
 * comments; a backslash at the end of a line continues it. Inside quotes both are text (§18.25).
 */
export function splitCommand(command: string, dialect: Dialect): readonly string[] {
  return read(command, dialect).words
}

/** Drops comment lines. */
export function withoutComments(command: string, dialect: Dialect): string {
  return read(command, dialect).lines.join('\n')
}

/** Whether a quote is opened that never closes: the rest of the command is then one word (§18.25). */
export function hasOpenQuote(command: string, dialect: Dialect): boolean {
  return read(command, dialect).isOpen
}

interface Reading {
  /** All but the comments, as they are written. */
  readonly lines: readonly string[]
  readonly words: readonly string[]
  readonly isOpen: boolean
}

function read(command: string, dialect: Dialect): Reading {
  const splitter = dialect === 'posix' ? new PosixSplitter() : new WindowsSplitter()
  const lines: string[] = []
  for (const line of command.split('\n')) {
    if (!splitter.isQuoted && line.trim().startsWith('#')) continue
    if (lines.length > 0) splitter.put('\n')
    putLine(line, splitter)
    lines.push(line)
  }
  const isOpen = splitter.isQuoted
  return { lines, words: splitter.end(), isOpen }
}

function putLine(line: string, splitter: Splitter): void {
  const trimmed = line.trimEnd()
  const continues = trimmed.endsWith('\\')
  const body = continues ? trimmed.slice(0, -1) : line
  splitter.put(body)
  if (continues) splitter.put(splitter.isQuoted ? line.slice(body.length) : ' ')
}
