import { parseArgs } from 'node:util'

/** What the command line asks for (config §1.1). */
export interface Flags {
  readonly config: string | undefined
  readonly listen: string | undefined
  readonly watchConfig: boolean
  readonly help: boolean
  readonly version: boolean
}

/** A command line that cannot be understood: usage and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Usage: hotseat [--config FILE] [--listen HOST:PORT] [--watch-config]

  --config FILE        configuration to serve; without it, a built-in demo
  --listen HOST:PORT   where to listen (default :8080, every interface; the demo 127.0.0.1:8080)
  --watch-config       read the configuration again whenever it changes, as SIGHUP does at any time
  --version            print the version
  --help               print this

One dash or two, \`--flag value\` or \`--flag=value\`.
`

/**
 * Reads flags as Go's flag package does, which is what llama-swap's users type: one dash or two, and everything from the
 * first word that is no flag is ignored.
 * @throws UsageError
 */
export function readFlags(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: flagsOnly(args),
      options: {
        config: { type: 'string' },
        listen: { type: 'string' },
        'watch-config': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    })
    return {
      config: values.config,
      listen: values.listen,
      watchConfig: values['watch-config'],
      help: values.help,
      version: values.version,
    }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

const booleans = new Set(['--help', '--version', '--watch-config', '-h'])

function flagsOnly(args: readonly string[]): string[] {
  const flags: string[] = []
  for (let i = 0; i < args.length; i++) {
    const flag = args[i]!.replace(/^-(?=[a-z-]{2,})(?!-)/, '--')
    if (!flag.startsWith('-')) break
    flags.push(flag)
    const takesNext = !flag.includes('=') && !booleans.has(flag)
    if (takesNext && args[i + 1] !== undefined) flags.push(args[++i]!)
  }
  return flags
}

/**
 * `HOST:PORT`, `:PORT` for every interface, `[IPv6]:PORT`.
 * @throws UsageError
 */
export function readAddress(text: string): { hostname: string | undefined; port: number } {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]*)):(?<port>\d+)$/.exec(text)
  const port = Number(match?.groups?.port)
  if (!match || port > 65535) throw new UsageError(`--listen ${text}: write HOST:PORT, such as 127.0.0.1:8080 or :8080`)
  return { hostname: match.groups?.v6 ?? (match.groups?.host || undefined), port }
}
