import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { root } from '../../docs/generate/documents.ts'
import { editor } from '../support/editor.ts'

const snippets = globSync(['*.md', 'docs/*.md'], { cwd: root }).flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, yaml]) => [document, yaml!] as const,
  ),
)

/** A value of its own for every variable that is mentioned. */
const environmentOf = (yaml: string) =>
  Object.fromEntries([...yaml.matchAll(/\$\{env\.(\w+)\}/g)].map(([, name], index) => [name!, String(6000 + index)]))

test.each(snippets)('what %s shows can be pasted: %j', (document, yaml) => {
  const { warnings } = parseConfig(yaml, document, { environment: environmentOf(yaml) })
  expect(warnings).toEqual([])
  expect(editor(yaml)).toBe('takes')
})
