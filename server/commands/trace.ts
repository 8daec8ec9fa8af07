import { parseArgs } from 'node:util'
import type { Line } from '../../machines/trace/frame.ts'
import { describeLine } from '../../machines/trace/words.ts'
import { UsageError } from '../cli.ts'
import { FollowError, followTrace } from '../trace/follow.ts'

export const traceUsage = `Usage: hotseat trace tail URL [--json]

Follows a running server: prints what happens to it, as it happens, until either ends.

  URL      of the server, such as http://127.0.0.1:8080; a key goes into it: http://any:KEY@host:8080
  --json   print the lines as they are, which is the default when the output is no terminal: to be replayed

Exit code: 0 when the server has ended, or nobody reads any more; 1 when it cannot be followed, or the connection broke off.
`

/** @returns the exit code */
export async function trace(args: readonly string[]): Promise<number> {
  const flags = readTraceFlags(args)
  if (!flags) {
    console.log(traceUsage)
    return 0
  }
  return tail(flags.url, flags.json)
}

async function tail(server: URL, json: boolean): Promise<number> {
  const readers = new AbortController()
  process.stdout.once('error', () => readers.abort())
  try {
    for await (const line of followTrace(server, readers.signal)) {
      console.log(json ? line : describeLine(JSON.parse(line) as Line))
    }
  } catch (error) {
    if (readers.signal.aborted) return 0
    if (!(error instanceof FollowError)) throw error
    console.error(`hotseat: ${error.message}`)
    return 1
  }
  console.error(`hotseat: ${server.origin} has ended`)
  return 0
}

function readTraceFlags(args: readonly string[]): { url: URL; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: !process.stdout.isTTY }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return undefined
    const [verb, url, ...more] = positionals
    if (verb !== 'tail' || url === undefined || more.length > 0) throw new Error('write: hotseat trace tail URL')
    return { url: readAddress(url), json: values.json }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { usage: traceUsage, cause: error })
  }
}

/** Says nothing of a password: it may be in a log before long. */
function readAddress(text: string): URL {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`"${text}" is no http:// URL`)
  try {
    decodeURIComponent(url.username + url.password)
  } catch {
    throw new Error('write a % in the key as %25')
  }
  return url
}
