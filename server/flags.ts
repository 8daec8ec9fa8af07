/** A flag of the command line. */
interface Flag {
  /** What its value is called; a flag without one is a switch. */
  readonly value?: string
  readonly help: string
}

/** Every flag (config §1.1), by the name it has here; on the command line it is `--config-dir`. */
export const flags = {
  config: { value: 'FILE', help: 'the configuration; neither this nor --config-dir serves a built-in demo' },
  configDir: { value: 'DIR', help: 'its *.yml and *.yaml files, merged in the order of their names, after FILE' },
  strictConfig: { help: 'a key that hotseat does not know is an error, and not only a warning' },
  listen: {
    value: 'HOST:PORT',
    help: 'where to listen: default :8080 on every interface, with TLS :8443; the demo on 127.0.0.1',
  },
  watchConfig: { help: 'reads the configuration again whenever it changes, as SIGHUP does at any time' },
  record: { value: 'FILE', help: 'records what happens, to be replayed; compressed when FILE ends in .gz' },
  inspect: { help: 'shows the state machines live at /inspect, to this machine or with a key' },
  tlsCertFile: { value: 'FILE', help: 'serves HTTPS with this certificate, in PEM' },
  tlsKeyFile: { value: 'FILE', help: 'and its private key' },
  version: { help: 'prints the version' },
  help: { help: 'prints this' },
} as const satisfies Readonly<Record<string, Flag>>

export type FlagName = keyof typeof flags

/** What the command line says: undefined and false for what it does not. */
export type Flags = {
  readonly [Name in FlagName]: (typeof flags)[Name] extends { value: string } ? string | undefined : boolean
}

const sources = ['config', 'configDir', 'strictConfig'] as const
export const always: readonly FlagName[] = ['version', 'help']

/** The commands, each with the flags it takes. */
export const commands = {
  serve: {
    help: 'serves the models; the default',
    flags: [...sources, 'watchConfig', 'record', 'inspect', 'listen', 'tlsCertFile', 'tlsKeyFile'],
  },
  check: { help: 'checks the configuration and prints what it means, with secrets masked', flags: sources },
} as const satisfies Readonly<Record<string, { help: string; flags: readonly FlagName[] }>>

export type CommandName = keyof typeof commands

/** Commands with words and flags of their own, which their `--help` explains. */
export const tools = {
  replay: 'lets recorded traces happen again, and says where anything is different: see replay --help',
  trace: 'follows the trace of a running server: see trace --help',
} as const

export type ToolName = keyof typeof tools
