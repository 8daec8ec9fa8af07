import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../docs/generate/documents.ts'

const documents = globSync(['*.md', '{docs,machines,bench}/**/*.md'], { cwd: root })

/** As the heading is called in links. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

const anchorsIn = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!))

test.each(documents)('the links of %s lead somewhere', (document) => {
  const text = readFileSync(join(root, document), 'utf8').replace(/```.*?```/gs, '')
  const dead = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].filter(([, path, heading]) => {
    const file = path === '' ? join(root, document) : join(root, dirname(document), path!)
    return !existsSync(file) || (heading !== undefined && !anchorsIn(file).includes(heading))
  })
  expect(dead.map(([link]) => link)).toEqual([])
})
