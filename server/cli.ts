import { nearest } from '../config/nearest.ts'
import { always, type CommandName, commands, type FlagName, type Flags, flags, tools } from './flags.ts'
import { spell } from './usage.ts'

export interface CommandLine {
  readonly command: CommandName
  readonly flags: Flags
}

/** A command line that cannot be understood: what is wrong, the usage, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** Of the command that it is about; null for that of all. */
  readonly usage: string | null

  constructor(message: string, { usage = null, cause }: { usage?: string | null; cause?: unknown } = {}) {
    super(message, { cause })
    this.usage = usage
  }
}

/**
 * A command, or none to serve, and then its flags.
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [word = '-'] = args
  if (word.startsWith('-')) return { command: 'serve', flags: readFlags(args, 'serve') }
  if (!isCommand(word))
    throw new UsageError(
      `there is no command ${word}${suggest(word, [...Object.keys(commands), ...Object.keys(tools)])}`,
    )
  return { command: word, flags: readFlags(args.slice(1), word) }
}

/**
 * Reads flags as Go's flag package does, which is what llama-swap's users type: one dash or two, `-flag value` or
 * `-flag=value`, switches with a value only after `=`, and everything from the first word that is no flag is ignored.
 * @throws UsageError
 */
export function readFlags(args: readonly string[], command: CommandName = 'serve'): Flags {
  const given = new Map<FlagName, string | boolean>()
  const rest = [...args]
  while (rest[0] !== undefined && /^--?[^-]/.test(rest[0])) {
    const word = rest.shift()!
    const [, dashed = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const name = nameOf(dashed, command)
    given.set(name, 'value' in flags[name] ? readText(name, value ?? rest.shift()) : readSwitch(name, value))
  }
  const [word] = rest
  if (word !== undefined && (isCommand(word) || Object.hasOwn(tools, word)))
    throw new UsageError(`write the command ${word} before the flags`)
  const entries = Object.entries(flags).map(([name, flag]) => {
    const otherwise = 'value' in flag ? undefined : false
    return [name, given.get(name as FlagName) || otherwise]
  })
  return Object.fromEntries(entries) as Flags
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word)
}

function nameOf(dashed: string, command: CommandName): FlagName {
  const known: readonly FlagName[] = [...commands[command].flags, ...always]
  const name = dashed === 'h' ? 'help' : known.find((name) => spell(name) === `--${dashed}`)
  if (name !== undefined) return name
  throw new UsageError(`there is no flag --${dashed} of ${command}${suggest(`--${dashed}`, known.map(spell))}`)
}

function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `: did you mean ${near}?`
}

function readText(name: FlagName, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${spell(name)} needs a value after it`)
  return value
}

function readSwitch(name: FlagName, value = 'true'): boolean {
  if (/^(?:1|t|T|true|True|TRUE)$/.test(value)) return true
  if (/^(?:0|f|F|false|False|FALSE)$/.test(value)) return false
  throw new UsageError(`${spell(name)} is on or off: write ${spell(name)}, or ${spell(name)}=false`)
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
