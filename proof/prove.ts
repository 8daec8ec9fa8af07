import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Findings } from './examine.ts'
import { describe, describeFault, isProved, summary } from './report.ts'
import { type Draft, largeDrafts, mediumDrafts, overtakingDraft, smallDrafts } from './worlds.ts'

/*
 * npm run prove                        every world
 * npm run prove -- --small             those that the tests walk
 * npm run prove -- --only "two seats"  those whose name has this in it
 * npm run prove -- FILE...             a configuration of yours; a reload may replace it by the next
 *          --requests N --unloads N --shutdown
 */
const { values: flags, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    requests: { type: 'string', default: '2' },
    unloads: { type: 'string', default: '0' },
    shutdown: { type: 'boolean', default: false },
  },
})

function draftsOf(): readonly Draft[] {
  if (files.length === 0) {
    const all = [...largeDrafts, ...mediumDrafts, overtakingDraft, ...smallDrafts.toReversed()]
    return (flags.small ? smallDrafts : all).filter(({ name }) => name.includes(flags.only))
  }
  const bounds = { requests: Number(flags.requests), unloads: Number(flags.unloads), shutdown: flags.shutdown }
  return [{ name: files.join(', '), bounds, configs: files.map((file) => readFileSync(file, 'utf8')) }]
}

/** As many at a time as there are cores. */
async function prove(drafts: readonly Draft[]): Promise<readonly Findings[]> {
  const rest = [...drafts]
  const found: Findings[] = []
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (let draft = rest.shift(); draft; draft = rest.shift()) {
      const findings = await examineApart(draft)
      console.log(describe(findings))
      found.push(findings)
    }
  })
  await Promise.all(lanes)
  return found
}

/** In a thread of its own, whose memory goes with it. */
function examineApart(draft: Draft): Promise<Findings> {
  const { promise, resolve, reject } = Promise.withResolvers<Findings>()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: draft })
  worker.once('message', resolve)
  worker.once('error', reject)
  return promise
}

const begin = performance.now()
const found = await prove(draftsOf())
console.log(summary(found, (performance.now() - begin) / 1000))
for (const findings of found.filter((each) => !isProved(each))) console.log(describeFault(findings))
process.exitCode = found.every(isProved) ? 0 : 1
