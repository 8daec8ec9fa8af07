import { readFileSync } from 'node:fs'
import { ConfigError, formatProblems } from '../config/problem.ts'
import { readFlags, UsageError, usage } from './cli.ts'
import { serve } from './commands/serve.ts'

/** The command line: finds the command and ends the process with the exit codes of config §1.1. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const flags = readFlags(args)
    if (flags.help) return console.error(usage)
    if (flags.version) return console.log(`version: ${version()}`)
    await serve(flags)
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

function version(): string {
  const text = readFileSync(new URL(import.meta.resolve('#package')), 'utf8')
  return String(JSON.parse(text).version)
}
