import { ConfigError, formatProblems } from '../config/problem.ts'
import { readCommandLine, UsageError } from './cli.ts'
import type { CommandName, Flags, ToolName } from './flags.ts'
import { usage } from './usage.ts'
import { readVersion } from './version.ts'

type Command = (flags: Flags) => void | Promise<void>
/** Reads its own words, and resolves with the exit code. */
type Tool = (args: readonly string[]) => Promise<number>

/* Each is loaded when it is asked for: a third of all modules is not needed to serve. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  check: async () => (await import('./commands/check.ts')).check,
}
const tools: Readonly<Record<ToolName, () => Promise<Tool>>> = {
  replay: async () => (await import('./commands/replay.ts')).replay,
  trace: async () => (await import('./commands/trace.ts')).trace,
}

/** The command line: finds the command and ends the process with the exit codes of config §1.1. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const [word = '', ...others] = args
    if (isTool(word)) {
      process.stdout.on('error', tolerateLeaving)
      const use = await tools[word]()
      process.exitCode = await use(others)
      return
    }
    const { command, flags } = readCommandLine(args)
    if (flags.help) return console.error(usage)
    if (flags.version) return console.log(describeVersion())
    const run = await commands[command]()
    await run(flags)
  } catch (error) {
    process.exit(fail(error))
  }
}

function isTool(word: string): word is ToolName {
  return Object.hasOwn(tools, word)
}

/** Whoever reads what a tool prints may have enough before its end, as `head` has. */
function tolerateLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
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
