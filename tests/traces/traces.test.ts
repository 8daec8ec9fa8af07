import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import { mutant } from '../support/mutant.ts'
import { everyType, replay } from '../support/trace.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')

test.each(names)('%s happens again as it was recorded', (name) => {
  expect(replay(read(name))).toBeUndefined()
})

/** A rule that is forgotten would be seen: no trace is there for nothing, and no rule without one. */
test.each(['consider', 'forget', 'release', 'settle', 'note', 'expire', 'withdraw', 'reconsider', 'conclude'] as const)(
  'a scheduler that does not %s departs from one of them',
  (rule) => {
    const machine = mutant(rule, (ledger) => [ledger, []])
    expect(names.filter((name) => replay(read(name), { machine }))).not.toEqual([])
  },
)

describe('traces of every version of the format are read, and happen again', () => {
  const versions = Array.from({ length: formatVersion }, (_, index) => index + 1)
  test.each(versions)('version %i', (version) => {
    const trace = read(`versions/${version}.jsonl`)
    expect(JSON.parse(trace.split('\n', 1)[0] ?? '')).toMatchObject({ type: 'trace', version })
    expect(replay(trace)).toBeUndefined()
  })

  test('of the current one every type of line (node tests/traces/write-version.ts)', () => {
    const lines = read(`versions/${formatVersion}.jsonl`).trimEnd().split('\n')
    const types = new Set(lines.map((line) => JSON.parse(line).type))
    expect(everyType.filter((type) => !types.has(type))).toEqual([])
  })
})
