import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Measurement } from '../measure/measurement.ts'
import { renderTables } from './table.ts'

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Where and with what it was measured. */
export interface Circumstances {
  readonly date: string
  readonly node: string
  readonly machine: string
  /** The one-minute load average before and after: above 0 before, somebody else was at work. */
  readonly load: readonly [before: number, after: number]
}

export function circumstances(loadBefore: number, loadAfter: number): Circumstances {
  const [cpu] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${cpus().length} × ${cpu?.model ?? 'unknown'}`,
    load: [loadBefore, loadAfter],
  }
}

export function toJson(where: Circumstances, measurements: readonly Measurement[]): string {
  const plain = measurements.map(({ values, ...rest }) => ({ ...rest, values: Object.fromEntries(values) }))
  return `${JSON.stringify({ ...where, measurements: plain }, null, 1)}\n`
}

const begin = '<!-- begin: written by `npm run bench -- --publish` -->'
const end = '<!-- end -->'

/** Puts the tables into the README, between its two marks. */
export function publish(where: Circumstances, measurements: readonly Measurement[]): void {
  const readme = readFileSync(file('README.md'), 'utf8')
  const [before, rest] = readme.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined)
    throw new Error(`bench/README.md has lost its mark ${begin} or ${end}`)
  const [loadBefore, loadAfter] = where.load.map((load) => load.toFixed(1))
  const caption = `${where.date}, ${where.machine}, Node ${where.node}; load average ${loadBefore} before, ${loadAfter} after.`
  const tables = renderTables(measurements)
  writeFileSync(file('README.md'), `${before}${begin}\n\n${caption}\n\n${tables}\n\n${end}${after}`)
  writeFileSync(file('results.json'), toJson(where, measurements))
}
