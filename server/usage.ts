import { commands, type FlagName, flags, tools } from './flags.ts'

/** A flag as it is typed. */
export function spell(name: FlagName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** What `--help` prints. */
export const usage = `Usage: hotseat [COMMAND] [FLAGS]

One address in front of many local inference servers, started, stopped and swapped on demand.

Commands:
${table([...Object.entries(commands).map(([name, { help }]): [string, string] => [name, help]), ...Object.entries(tools)])}

Flags, with one dash or two, as \`--flag value\` or \`--flag=value\`:
${table(Object.keys(flags).map((name) => describe(name as FlagName)))}

Examples:
  hotseat                                          try the built-in demo
  hotseat --config models.yaml --listen :9000
  hotseat check --config models.yaml --strict-config
  hotseat replay trace.jsonl

Exit codes: 0 all is well, 1 the configuration or the start failed, 2 the command line is wrong.
`

function describe(name: FlagName): [string, string] {
  const flag = flags[name]
  const only = Object.entries(commands).filter(([, { flags }]) => (flags as readonly FlagName[]).includes(name))
  const of = only.length === 1 ? ` (${only[0]![0]})` : ''
  return ['value' in flag ? `${spell(name)} ${flag.value}` : spell(name), flag.help + of]
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
