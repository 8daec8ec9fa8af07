import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { attempt } from './attempt.ts'
import { mutants } from './list.ts'
import { head, isFound, line, page, type Row, withTable } from './table.ts'

/*
 * npm run mutants                  plants each bug in a copy, and says who finds it; fails when one is not found
 * npm run mutants -- --write       the same, and writes the table into docs/proof.md
 * npm run mutants -- --only lease  those with this in their name
 */
const { values: flags } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})

const tried = mutants.filter(({ bug }) => bug.includes(flags.only))
const rest = [...tried.entries()]
const rows: Row[] = []
let shown = 0

/** Shows what is known so far, in the order of the list. */
function show(): void {
  for (let row = rows[shown]; row; row = rows[++shown]) console.log(line(row))
}

console.log(head)
const lanes = Array.from({ length: availableParallelism() }, async () => {
  for (let next = rest.shift(); next; next = rest.shift()) {
    const [place, mutant] = next
    const walk = await attempt({ mutant, by: 'walk' })
    rows[place] = { mutant, walk, histories: await attempt({ mutant, by: 'histories' }) }
    show()
  }
})
await Promise.all(lanes)

const survivors = rows.filter((row) => !isFound(row))
console.log(`\n${rows.length - survivors.length} of ${rows.length} bugs are found.`)
for (const { mutant } of survivors) console.log(`NOT FOUND: ${mutant.breaks}, ${mutant.bug}`)
process.exitCode = survivors.length === 0 ? 0 : 1
if (flags.write && tried.length === mutants.length) {
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), rows))
}
