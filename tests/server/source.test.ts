import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesSource } from '../../server/reload/source.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-source-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('its digest is another whenever a file is written, renamed, added or removed, and only then', async () => {
  const file = join(folder, 'main.yaml')
  const directory = join(folder, 'parts')
  const source = filesSource({ file, directory })
  expect(source.name).toBe(`${file} and ${directory}`)
  const seen: string[] = []
  const look = async () => {
    const digest = await source.digest()
    expect(await source.digest()).toBe(digest)
    expect(seen).not.toContain(digest)
    seen.push(digest)
  }
  const write = (path: string, text: string) => writeFileSync(path, text)

  await look()
  write(file, 'globalTTL: 1')
  mkdirSync(directory)
  await look()
  write(join(directory, 'a.yaml'), 'logLevel: info')
  await look()
  write(join(directory, 'a.yaml'), 'logLevel: warn')
  await look()
  rmSync(join(directory, 'a.yaml'))
  write(join(directory, 'b.yaml'), 'logLevel: warn')
  await look()
  expect(source.load().config.logLevel).toBe('warn')

  const [last] = [await source.digest()]
  write(join(directory, 'notes.txt'), 'nothing to do with it')
  expect(await source.digest()).toBe(last)
})
