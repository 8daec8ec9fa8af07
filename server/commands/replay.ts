import { parseArgs } from 'node:util'
import { loadConfig } from '../../config/load.ts'
import { formatProblems } from '../../config/problem.ts'
import { settingsOf } from '../../machines/policy/settings.ts'
import { SequenceDiagram } from '../../machines/trace/mermaid.ts'
import { TraceError } from '../../machines/trace/parse.ts'
import { describeLedger } from '../../machines/trace/words.ts'
import { UsageError } from '../cli.ts'
import { originOf } from '../reload/origin.ts'
import { compareFiles } from '../trace/compare-file.ts'
import { type Replayed, replayFile } from '../trace/replay-file.ts'
import { describeDifference } from '../trace/report.ts'
import { describeComparison } from '../trace/table.ts'

export const replayUsage = `Usage: hotseat replay TRACE... [--until LINE] [--show] [--mermaid REQUEST] [--config FILE]

Lets a recorded history happen again in the real machines, and says where they depart from it.

  TRACE               a file of --record, compressed or not, or a saved /api/trace; - is standard input
  --until LINE        stop after this line
  --show              print what the scheduler knows then; times are in UTC
  --mermaid REQUEST   print the sequence diagram of one request, by its number
  --config FILE       print what this history would have been under another configuration; the files of one
                      recording are named in the order in which they were written

Exit code: 0 alike, 1 not alike, 2 when a trace cannot be read.
`

interface Flags {
  readonly paths: readonly string[]
  readonly until: number | undefined
  readonly show: boolean
  readonly mermaid: number | undefined
  readonly config: string | undefined
}

/** @returns the exit code */
export async function replay(args: readonly string[]): Promise<number> {
  const flags = readReplayFlags(args)
  if (!flags) {
    console.log(replayUsage)
    return 0
  }
  try {
    if (flags.config !== undefined) return await compare(flags.paths, flags.config)
    if (flags.mermaid !== undefined) return await draw(flags.paths, flags.mermaid)
    let code = 0
    for (const path of flags.paths) code = Math.max(code, await verify(path, flags))
    return code
  } catch (error) {
    if (!(error instanceof TraceError)) throw error
    console.error(`hotseat: ${error.message}`)
    return 2
  }
}

async function verify(path: string, { until, show }: Flags): Promise<number> {
  const begun = performance.now()
  const replayed = await replayFile(path, { until })
  const { difference, dropped, isCut, lines, ledger } = replayed
  if (dropped > 0) console.log(`${path}: ${dropped} lines are missing in it, and are passed over`)
  if (isCut) console.log(`${path}, line ${lines + 1}: it is cut off, and is passed over`)
  console.log(difference ? describeDifference(path, difference) : praise(path, replayed, performance.now() - begun))
  if (show && !difference) console.log(`\n${describeLedger(ledger)}`)
  return difference ? 1 : 0
}

function praise(path: string, { lines, runs }: Replayed, ms: number): string {
  const what = `${lines.toLocaleString('en')} lines${runs > 1 ? ` of ${runs} runs` : ''}`
  return `${path}: ${what} happened again as they were recorded, in ${(ms / 1_000).toFixed(1)} s`
}

async function draw(paths: readonly string[], request: number): Promise<number> {
  for (const path of paths) {
    const diagram = new SequenceDiagram(request)
    const { difference } = await replayFile(path, diagram.options)
    if (diagram.text !== '') console.log(diagram.text)
    if (difference) console.error(describeDifference(path, difference))
    if (diagram.text !== '' || difference) return difference ? 1 : 0
  }
  console.error(`hotseat: there is no request ${request} in ${paths.join(', ')}`)
  return 1
}

async function compare(paths: readonly string[], config: string): Promise<number> {
  const { config: other, warnings } = loadConfig({ file: config })
  if (warnings.length > 0) console.error(formatProblems(warnings))
  console.log(describeComparison(await compareFiles(paths, settingsOf(other, originOf)), config))
  return 0
}

function readReplayFlags(args: readonly string[]): Flags | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        until: { type: 'string' },
        show: { type: 'boolean', default: false },
        mermaid: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return undefined
    if (positionals.length === 0) throw new Error('name a trace')
    const until = numberIn('--until', values.until)
    const mermaid = numberIn('--mermaid', values.mermaid)
    return { paths: positionals, until, show: values.show, mermaid, config: values.config }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { usage: replayUsage, cause: error })
  }
}

function numberIn(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${flag} takes a number from 1, and this is "${text}"`)
  return Number(text)
}
