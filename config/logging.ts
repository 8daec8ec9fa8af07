import { field } from './fields.ts'
import { oneOf } from './scalars.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** Which logs reach the combined log and standard output (§7.13). */
export type LogToStdout = 'proxy' | 'upstream' | 'both' | 'none'
/** Named after the layouts of the reference (§7.13). */
export type LogTimeFormat = (typeof timeFormats)[number]

const timeFormats = [
  'ansic',
  'unixdate',
  'rubydate',
  'rfc822',
  'rfc822z',
  'rfc850',
  'rfc1123',
  'rfc1123z',
  'rfc3339',
  'rfc3339nano',
  'kitchen',
  'stamp',
  'stampmilli',
  'stampmicro',
  'stampnano',
] as const

export const loggingEntries = {
  logLevel: field(
    oneOf(['debug', 'info', 'warn', 'error'], { isLoose: true }),
    'info',
    "The least of hotseat's own messages that is kept.",
  ),
  logToStdout: field(
    oneOf(['proxy', 'upstream', 'both', 'none']),
    'proxy',
    "What is printed: hotseat's messages, the models' output, both or none.",
  ),
  logTimeFormat: field(
    oneOf(['', ...timeFormats], { isLoose: true }),
    '',
    "How times are written in hotseat's own messages, such as `rfc3339`; empty for none.",
  ),
}
