import { readFileSync, writeFileSync } from 'node:fs'
import type { Measurement } from '../measure/measurement.ts'
import { median, pairwise } from '../measure/statistics.ts'

/** hotseat's cost as a ratio to the floor's, by case and quantity. */
export type Baseline = Readonly<Record<string, number>>

/** What a ratio may be above its baseline before it counts as slower: more than noise, less than anybody would accept. */
export const tolerance = 0.25

export const watched = ['CPU per request', 'CPU per 100,000 chunks']

/** The median of the ratios of the pairs, for everything that is watched. */
export function ratiosOf(measurements: readonly Measurement[]): Baseline {
  const entries = measurements.flatMap(({ case: name, quantity, values }) => {
    const [own, floor] = [values.get('hotseat'), values.get('floor')]
    if (!watched.includes(quantity) || !own || !floor) return []
    return [[`${name}: ${quantity}`, round(median(pairwise(own, floor)))] as const]
  })
  return Object.fromEntries(entries)
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

/** What has become slower than the baseline allows, or is not in it. */
export function slower(baseline: Baseline, ratios: Baseline): string[] {
  return Object.entries(ratios).flatMap(([name, ratio]) => {
    const before = baseline[name]
    if (before === undefined) return [`${name} has no baseline: run \`npm run bench -- --check --accept\``]
    const limit = before * (1 + tolerance)
    return ratio <= limit ? [] : [`${name}: ${ratio} times the floor, and the baseline is ${before}`]
  })
}

const file = new URL('../baseline.json', import.meta.url)

export function readBaseline(): Baseline {
  return JSON.parse(readFileSync(file, 'utf8')) as Baseline
}

export function writeBaseline(ratios: Baseline): void {
  writeFileSync(file, `${JSON.stringify(ratios, null, 2)}\n`)
}
