import type { Measurement } from '../measure/measurement.ts'
import { median, pairwise, spread } from '../measure/statistics.ts'

/** What hotseat is held against, where it took part. */
const references = ['floor', 'Go', 'llama-swap', 'recording'] as const

/** A table in Markdown for each case: the medians of everyone, then hotseat's ratio to each reference. */
export function renderTables(measurements: readonly Measurement[]): string {
  return [...Map.groupBy(measurements, (measurement) => measurement.case)]
    .map(([name, group]) => `### ${name}\n\n${renderTable(group)}`)
    .join('\n\n')
}

function renderTable(group: readonly Measurement[]): string {
  const subjects = [...new Set(group.flatMap(({ values }) => [...values.keys()]))]
  const compared = references.filter((name) => subjects.includes(name))
  const header = ['', ...subjects, ...compared.map((name) => `hotseat ÷ ${name}`)]
  const rows = group.map(({ quantity, unit, values }) => [
    `${quantity} (${unit})`,
    ...subjects.map((name) => number(values.get(name))),
    ...compared.map((name) => ratio(values.get('hotseat'), values.get(name))),
  ])
  const lines = [header, ['---', ...header.slice(1).map(() => '---:')], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function number(values: readonly number[] | undefined): string {
  if (!values || values.length === 0) return ''
  const value = median(values)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}

/** With the middle half of the pairs, which tells how noisy it was. */
function ratio(values: readonly number[] | undefined, reference: readonly number[] | undefined): string {
  if (!values || !reference) return ''
  const { median: middle, low, high } = spread(pairwise(values, reference))
  return Number.isNaN(middle) ? '' : `**${middle.toFixed(2)}** (${low.toFixed(2)}–${high.toFixed(2)})`
}
