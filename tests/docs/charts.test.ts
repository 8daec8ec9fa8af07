import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { charts, machines } from '../../docs/charts/documents.ts'
import { mermaid } from '../../docs/charts/mermaid.ts'
import { root } from '../../docs/generate/documents.ts'

test.each([...charts()])('%s is as `npm run charts` writes it', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text)
})

test.each(machines)('$id is the same machine when it is read from its JSON', (machine) => {
  const text = charts().get(`docs/machines/${machine.id}.json`)!
  expect(mermaid(createMachine(JSON.parse(text)))).toBe(mermaid(machine))
})
