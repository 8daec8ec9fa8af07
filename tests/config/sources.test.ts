import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { listSources, readSources, type Sources } from '../../config/sources.ts'
import { fields, problemsOf } from '../support/config.ts'

const root = mkdtempSync(join(tmpdir(), 'hotseat-sources-'))
afterAll(() => rmSync(root, { recursive: true }))

let folders = 0
/** A directory with these files; a name that ends in `/` is a directory in it. */
function directory(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(root, String(folders++))
  mkdirSync(path)
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('/')) mkdirSync(join(path, name))
    else writeFileSync(join(path, name), text)
  }
  return path
}

const said = (load: () => unknown) => problemsOf(load).map(({ place, message }) => `${place.file}: ${message}`)

describe('the list of sources (§2.1)', () => {
  test('what ends in .yml or .yaml lies directly in the directory and is sorted by its bytes', () => {
    const path = directory({
      'b.yaml': '',
      'a.yml': '',
      'B.yaml': '',
      '.hidden.yaml': '',
      'é.yaml': '',
      'x.YAML': '',
      'y.yaml.bak': '',
      'sub.yaml/': '',
      '10.yml': '',
      '9.yml': '',
    })
    const names = listSources({ directory: path }).map((file) => relative(path, file))
    expect(names).toEqual(['.hidden.yaml', '10.yml', '9.yml', 'B.yaml', 'a.yml', 'b.yaml', 'é.yaml'])
  })

  test('the file comes before the directory', () => {
    const path = directory({ 'a.yaml': '' })
    const file = join(directory({ 'z.yaml': '' }), 'z.yaml')
    expect(listSources({ file, directory: path })).toEqual([file, join(path, 'a.yaml')])
  })

  test('links to files are followed, those to directories are not entered, and a dead one is told', () => {
    const target = directory({ 'real.txt': 'globalTTL: 7' })
    const path = directory({})
    symlinkSync(join(target, 'real.txt'), join(path, 'link.yaml'))
    symlinkSync(target, join(path, 'folder.yaml'))
    expect(loadConfig({ directory: path }).config.models.size).toBe(0)
    expect(listSources({ directory: path })).toEqual([join(path, 'link.yaml')])
    symlinkSync(join(target, 'gone'), join(path, 'dead.yaml'))
    expect(said(() => readSources({ directory: path }))).toEqual([
      `${join(path, 'dead.yaml')}: there is no such file or directory`,
    ])
  })

  test('one file by two ways is a mistake, however its path is written', () => {
    const path = directory({ 'a.yaml': '' })
    for (const file of [join(path, 'a.yaml'), `${path}/../${relative(root, path)}/./a.yaml`]) {
      expect(said(() => listSources({ file, directory: path })).join()).toContain('name only one of the two')
    }
  })

  test('paths are compared as they are written: a link to a file of the directory is another file', () => {
    const path = directory({ 'a.yaml': 'globalTTL: 7' })
    const link = join(directory({}), 'link.yaml')
    symlinkSync(join(path, 'a.yaml'), link)
    expect(listSources({ file: link, directory: path })).toHaveLength(2)
  })

  test.each([
    ['a directory without files', () => ({ directory: directory({ 'a.txt': '' }) }), 'no file here that ends in .yml'],
    ['a directory that is not there', () => ({ directory: join(root, 'nowhere') }), 'no such file or directory'],
    ['a file that is not there', () => ({ file: join(root, 'nowhere.yaml') }), 'no such file or directory'],
    ['a directory as the file', () => ({ file: directory({}) }), 'name it with --config-dir'],
    ['a file as the directory', () => ({ directory: join(directory({ f: '' }), 'f') }), 'name it with --config'],
  ])('%s is named', (_, sources: () => Sources, message) => {
    const written = sources()
    const [problem] = said(() => loadConfig(written))
    expect(problem).toContain(message)
    expect(problem).toContain(written.directory ?? written.file)
  })
})

describe('reading (§2.2)', () => {
  test.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFglobalTTL: 7')],
    ['UTF-16 as Windows editors write it', Buffer.from('\uFEFFglobalTTL: 7', 'utf16le')],
    ['lines that end as on Windows', Buffer.from('# x\r\nglobalTTL: 7\r\n')],
  ])('%s', (_, bytes) => {
    const path = directory({ 'a.yaml': bytes, 'b.yaml': `models: {m: {${fields}}}` })
    expect(loadConfig({ directory: path }).config.models.values().next().value?.ttlMs).toBe(7000)
  })

  test('files without anything in them are passed over', () => {
    const path = directory({ 'a.yaml': '', 'b.yaml': '# only a comment', 'c.yaml': '~', 'd.yaml': '{}' })
    expect(loadConfig({ directory: path }).config.models.size).toBe(0)
  })

  test('every file that cannot be understood is told, each with its place', () => {
    const path = directory({ 'a.yaml': 'models: [', 'b.yaml': 'globalTTL: 7', 'c.yaml': '- x', 'd.yaml': '42' })
    const found = problemsOf(() => loadConfig({ directory: path }))
    expect(found.map(({ place: { file, line } }) => `${relative(path, file)}:${line}`)).toEqual([
      'a.yaml:1',
      'c.yaml:1',
      'd.yaml:1',
    ])
  })

  test('a mistake in a field is told where its own file has it', () => {
    const path = directory({ 'a.yaml': `models:\n  m: {${fields}}`, 'b.yaml': '\n\nglobalTTL: soon\n' })
    expect(problemsOf(() => loadConfig({ directory: path }))).toMatchObject([
      { place: { file: join(path, 'b.yaml'), line: 3, column: 1 }, path: 'globalTTL' },
    ])
  })
})
