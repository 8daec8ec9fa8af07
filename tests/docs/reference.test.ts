import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documents, reference, root } from '../../docs/generate/documents.ts'
import { explained, keysIn, withTables } from '../../docs/generate/tables.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

test.each([...documents()])('%s is as `npm run schema` writes it', (file, text) => {
  expect(read(file)).toBe(text)
})

test('every key of the format is explained in the reference, once', () => {
  expect([...keysIn(read(reference))].sort()).toEqual([...explained].sort())
})

describe('a table', () => {
  const rows = (document: string) => withTables(document).split('\n').slice(3)

  test('tells type, default and meaning of a key, and is written over itself', () => {
    const once = withTables('<!-- fields: startPort -->\n')
    expect(once).toContain('| `startPort` | number 1 – 65535 | `5800` | The first port')
    expect(withTables(once)).toBe(once)
    expect(withTables(once.replace('5800', '1'))).toBe(once)
  })

  test('says where its keys stand, unless that is the root', () => {
    const head = (document: string) => withTables(document).split('\n')[1]
    expect(head('<!-- fields: startPort -->\n')).toMatch(/^\| key \|/)
    expect(head('<!-- fields peers.ID: proxy -->\n')).toMatch(/^\| key of `peers.ID` \|/)
    expect(head('<!-- fields groups.ID routing.router.settings.groups.ID: swap -->\n')).toMatch(
      /^\| key of `groups.ID`, `routing.router.settings.groups.ID` \|/,
    )
  })

  test('tells defaults apart where two places differ', () => {
    expect(rows('<!-- fields models.ID.timeouts peers.ID.timeouts: connect responseHeader -->\n')).toEqual([
      expect.stringContaining('| `connect` | number ≥ 0 | `30` |'),
      expect.stringContaining('| `responseHeader` | number ≥ 0 | `0` (models), `60` (peers) |'),
      '',
    ])
  })

  test('of a key that there is not cannot be written', () => {
    expect(() => withTables('<!-- fields models.ID: tll -->\n')).toThrow('models.ID.tll')
  })
})
