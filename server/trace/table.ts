import { byCodePoint } from '../../config/order.ts'
import type { Compared } from '../../machines/simulation/comparison.ts'
import type { Figures, ModelFigures } from '../../machines/simulation/figures.ts'

type Row = readonly [label: string, ...cells: string[]]

/** A recorded history and what it would have been, side by side, and what else is to be known of the last column. */
export function describeComparison({ recorded, repeated, other, ...rest }: Compared, name: string): string {
  const columns = [recorded, repeated, other]
  const models = [...new Set(columns.flatMap((figures) => [...figures.models.keys()]))].sort(byCodePoint)
  const rows: Row[] = [['', 'recorded', 'simulated', name], ...totals(columns)]
  for (const model of models) rows.push([''], [model], ...ofModel(columns, model))
  return [align(rows), '', legend, ...notes(rest, name)].join('\n')
}

const legend = `simulated: the same history under the configuration that it was recorded with. How far it is from what was
recorded says how far the last column can be trusted.`

function notes({ reloads, missing }: Pick<Compared, 'reloads' | 'missing'>, name: string): readonly string[] {
  const times = reloads === 1 ? 'once' : `${count(reloads)} times`
  const set = `The configuration was reloaded ${times} meanwhile: the middle column has that, and the last has ${name} throughout.`
  const without = `${name} has no model ${missing.join(', ')}: who asked for one is refused in the last column.`
  return [...(reloads > 0 ? ['', set] : []), ...(missing.length > 0 ? ['', without] : [])]
}

function totals(columns: readonly Figures[]): readonly Row[] {
  return [
    ['swaps', ...columns.map(({ swaps }) => count(swaps))],
    ['evictions', ...columns.map(({ evictions }) => count(evictions))],
    ['loads', ...columns.map(({ loads }) => count(loads))],
    ['time lost loading', ...columns.map(({ loadingMs }) => duration(loadingMs))],
  ]
}

function ofModel(columns: readonly Figures[], model: string): readonly Row[] {
  const row = (label: string, cell: (figures: ModelFigures) => string): Row => [
    `  ${label}`,
    ...columns.map(({ models }) => {
      const figures = models.get(model)
      return figures ? cell(figures) : '-'
    }),
  ]
  return [
    row('requests', ({ requests }) => count(requests)),
    row('served', ({ served }) => count(served)),
    row('refused', ({ refused }) => count(refused)),
    row('withdrawn', ({ withdrawn }) => count(withdrawn)),
    row('wait p50', ({ waits }) => duration(waits.p50)),
    row('wait p95', ({ waits }) => duration(waits.p95)),
    row('wait max', ({ waits }) => duration(waits.max)),
    row('loads', ({ loads }) => count(loads)),
    row('time lost loading', ({ loadingMs }) => duration(loadingMs)),
    row('evictions', ({ evictions }) => count(evictions)),
  ]
}

function count(number: number): string {
  return number.toLocaleString('en')
}

function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  if (ms < 3_600_000)
    return `${Math.floor(ms / 60_000)} m ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')} s`
  return `${count(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} m`
}

/** The first column to the left, the others to the right. */
function align(rows: readonly Row[]): string {
  const widthOf = (index: number) => Math.max(...rows.map((row) => row[index]?.length ?? 0))
  const widths = [0, 1, 2, 3].map(widthOf)
  const lines = rows.map((row) =>
    row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!))).join('   '),
  )
  return lines.map((line) => line.trimEnd()).join('\n')
}
