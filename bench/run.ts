import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Measurement } from './measure/measurement.ts'
import { measureAll, measureWatched, peers } from './plans.ts'
import { type Baseline, ratiosOf, readBaseline, slower, writeBaseline } from './report/baseline.ts'
import { circumstances, publish, toJson } from './report/files.ts'
import { renderTables } from './report/table.ts'

const usage = `npm run bench                  everything, in about twenty minutes
npm run bench -- --quick       everything, shorter and noisier: a fifth of the time and of the rounds
npm run bench -- --share 0.5   so much of the time and of the rounds
npm run bench -- --json        prints the values of all rounds after the tables
npm run bench -- --publish     writes the tables into bench/README.md and the values into bench/results.json
npm run bench -- --check       only what bench/baseline.json watches; fails when it has become slower
npm run bench -- --accept      makes what is measured now the baseline
`

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    share: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    accept: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (flags.help) console.log(usage)
else if (process.platform !== 'linux') {
  console.error('The bench reads the CPU time and the memory of processes from /proc: it needs Linux.')
  process.exitCode = 1
} else if (flags.check) process.exitCode = (await check()) ? 0 : 1
else if (flags.accept) writeBaseline(await watchedRatios())
else await measure()

async function measure(): Promise<void> {
  for (const { name, absence } of peers) {
    const reason = absence()
    if (reason !== null) console.error(`without ${name}: ${reason}`)
  }
  const loadBefore = loadavg()[0]!
  const measurements: Measurement[] = []
  await measureAll(flags.quick ? 0.2 : Number(flags.share), (done) => {
    measurements.push(...done)
    console.log(`${renderTables(done)}\n`)
  })
  const where = circumstances(loadBefore, loadavg()[0]!)
  if (flags.json) console.log(toJson(where, measurements))
  if (flags.publish) publish(where, measurements)
}

/** Whoever is slower at first is measured once more: a disturbance passes, and a change stays. */
async function check(): Promise<boolean> {
  const baseline = readBaseline()
  const first = slower(baseline, await watchedRatios())
  if (first.length === 0) return true
  console.error(`Slower, and so once more:\n${first.join('\n')}`)
  const second = slower(baseline, await watchedRatios())
  if (second.length > 0) console.error(`Slower than the baseline allows:\n${second.join('\n')}`)
  return second.length === 0
}

async function watchedRatios(): Promise<Baseline> {
  const measurements: Measurement[] = []
  await measureWatched((done) => measurements.push(...done))
  const ratios = ratiosOf(measurements)
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio} times the floor`)
  return ratios
}
