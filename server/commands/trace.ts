import { parseArgs } from 'node:util'
import type { Line } from '../../machines/trace/frame.ts'
import { describeLine } from '../../machines/trace/words.ts'
import { UsageError } from '../cli.ts'

export const traceUsage = `Usage: hotseat trace tail URL [--json]

Follows a running server: prints what happens to it, as it happens, until either ends.

  URL      of the server, such as http://127.0.0.1:8080; a key goes into it: http://any:KEY@host:8080
  --json   print the lines as they are, which is the default when the output is no terminal: to be replayed
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
  const { username, password } = server
  const headers = username || password ? { authorization: `Basic ${btoa(`${username}:${password}`)}` } : undefined
  const url = new URL('/api/trace/stream', server)
  url.username = ''
  url.password = ''
  let response: Response
  try {
    response = await fetch(url, headers && { headers })
  } catch (error) {
    console.error(`hotseat: nobody answers at ${url.origin}: ${String((error as Error).cause ?? error)}`)
    return 1
  }
  if (!response.ok || !response.body) {
    console.error(`hotseat: ${url} answers ${response.status}: ${(await response.text()).slice(0, 500)}`)
    return 1
  }
  try {
    let rest = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) console.log(json ? line : describeLine(JSON.parse(line) as Line))
    }
  } catch {
    console.error(`hotseat: ${url.origin} has ended`)
  }
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
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new Error(`"${url}" is no http:// URL`)
    return { url: new URL(url), json: values.json }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { usage: traceUsage, cause: error })
  }
}
