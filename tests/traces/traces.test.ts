import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import { mutant } from '../support/mutant.ts'
import { everyType, lineSchema, replay } from '../support/trace.ts'

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

  test.each(versions)('version %i, begun at any of its checkpoints', (version) => {
    const begun = read(`versions/${version}.jsonl`).split('{"type":"dropped","lines":7}\n').map(fromCheckpoint)
    expect(begun.length).toBeGreaterThan(5)
    for (const trace of begun) expect(replay(trace)).toBeUndefined()
  })

  test('what is written is of the shape that the current version is held to', () => {
    const held = JSON.parse(read(`versions/${formatVersion}.schema.json`))
    expect(lineSchema(), 'lines have another shape: add to machines/trace/upgrade.ts and write that version').toEqual(
      held,
    )
  })

  test('of the current one every type of line (node tests/traces/write-version.ts)', () => {
    const lines = read(`versions/${formatVersion}.jsonl`).trimEnd().split('\n')
    const types = new Set(lines.map((line) => JSON.parse(line).type))
    expect(everyType.filter((type) => !types.has(type))).toEqual([])
  })
})

/** A run without what came before its first checkpoint. */
function fromCheckpoint(run: string): string {
  const lines = run.split('\n')
  const first = lines.findIndex((line) => line.startsWith('{"type":"checkpoint"'))
  const header = JSON.parse(lines[0] ?? '')
  for (const line of lines.slice(0, first)) {
    if (line.startsWith('{"type":"config.changed"')) header.settings = JSON.parse(line).settings
  }
  return [JSON.stringify(header), ...lines.slice(first)].join('\n')
}
