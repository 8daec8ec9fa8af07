import { ConfigError, formatProblems } from '../config/problem.ts'
import { readCommandLine, UsageError } from './cli.ts'
import { check } from './commands/check.ts'
import { serve } from './commands/serve.ts'
import type { CommandName, Flags } from './flags.ts'
import { usage } from './usage.ts'
import { readVersion } from './version.ts'

const run: Readonly<Record<CommandName, (flags: Flags) => void | Promise<void>>> = { serve, check }

/** The command line: finds the command and ends the process with the exit codes of config §1.1. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const { command, flags } = readCommandLine(args)
    if (flags.help) return console.error(usage)
    if (flags.version) return console.log(describeVersion())
    await run[command](flags)
  } catch (error) {
    process.exit(fail(error))
  }
}

function fail(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`hotseat: ${error.message}\n\n${usage}`)
    return 2
  }
  if (error instanceof ConfigError) console.error(formatProblems(error.problems))
  else console.error(`hotseat: ${error instanceof Error ? error.message : String(error)}`)
  return 1
}

function describeVersion(): string {
  const { version, commit, date } = readVersion()
  return `version: ${version} (${commit}), built at ${date}`
}
