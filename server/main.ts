import { ConfigError, formatProblems } from '../config/problem.ts'
import { readCommandLine, UsageError } from './cli.ts'
import { check } from './commands/check.ts'
import { replay } from './commands/replay.ts'
import { serve } from './commands/serve.ts'
import { trace } from './commands/trace.ts'
import type { CommandName, Flags, ToolName } from './flags.ts'
import { usage } from './usage.ts'
import { readVersion } from './version.ts'

const run: Readonly<Record<CommandName, (flags: Flags) => void | Promise<void>>> = { serve, check }
/** Each reads its own words, and resolves with the exit code. */
const use: ReadonlyMap<string, (args: readonly string[]) => Promise<number>> = new Map(
  Object.entries({ replay, trace } satisfies Record<ToolName, unknown>),
)

/** The command line: finds the command and ends the process with the exit codes of config §1.1. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const tool = use.get(args[0] ?? '')
    if (tool) {
      process.exitCode = await tool(args.slice(1))
      return
    }
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
    console.error(`hotseat: ${error.message}\n\n${error.usage ?? usage}`)
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
