import type { Mutant } from './mutant.ts'
import type { Catch, Task } from './trial.ts'

/** Where the table is kept. */
export const page = 'docs/proof.md'

export interface Row extends Record<Task['by'], Catch | null> {
  readonly mutant: Mutant
}

export const head = `| it breaks | the bug | the walk sees it break | random histories see it break |
|---|---|---|---|`

/** The first two cells, which are there before anybody has looked. */
export function beginning({ breaks, bug }: Mutant): string {
  return `| ${breaks} | ${bug} |`
}

export function line({ mutant, walk, histories }: Row): string {
  return `${beginning(mutant)} ${cell(walk, 'state')} | ${cell(histories, 'history')} |`
}

/** What broke, and in which of the states or histories that were looked at one after the other. */
function cell(found: Catch | null, unit: string): string {
  return found ? `${found.broken} in ${unit} ${found.after.toLocaleString('en-GB')}` : 'not seen'
}

/** The walk must find it; and random histories, if it breaks an invariant: they know little of the rules. */
export function isFound({ mutant, walk, histories }: Row): boolean {
  return walk !== null && (histories !== null || mutant.breaks.startsWith('scheduling'))
}

/** The document with another table between `<!-- mutants -->` and `<!-- end -->`. */
export function withTable(document: string, rows: readonly Row[]): string {
  const table = [head, ...rows.map(line)].join('\n')
  return document.replace(/(?<=<!-- mutants -->\n).*?(?=\n<!-- end -->)/s, () => `\n${table}\n`)
}
