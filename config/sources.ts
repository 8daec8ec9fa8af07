import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { byCodePoint } from './order.ts'
import { ConfigError } from './problem.ts'

/** Where a configuration is written (§2.1): a file, the files of a directory, or both. */
export interface Sources {
  readonly file?: string | undefined
  readonly directory?: string | undefined
}

/** One file that was read. */
export interface Source {
  readonly file: string
  readonly text: string
}

/**
 * Reads every file of the sources, in the order in which they are merged.
 * @throws ConfigError naming what cannot be read
 */
export function readSources(sources: Sources): readonly Source[] {
  return listSources(sources).map((file) => ({ file, text: readText(file) }))
}

/**
 * The file, then what lies directly in the directory and ends in `.yml` or `.yaml`, in the order of its bytes.
 * @throws ConfigError when there is nothing, or one file is named twice
 */
export function listSources({ file, directory }: Sources): readonly string[] {
  const listed = directory === undefined ? [] : list(directory)
  if (file === undefined && listed.length === 0) {
    fail(directory ?? 'configuration', 'there is no file here that ends in .yml or .yaml')
  }
  const twice = file !== undefined && listed.find((other) => resolve(other) === resolve(file))
  if (twice) fail(twice, 'it is read already as part of its directory: name only one of the two')
  return file === undefined ? listed : [file, ...listed]
}

function list(directory: string): readonly string[] {
  return attempt(directory, () => readdirSync(directory, { withFileTypes: true }))
    .filter((entry) => /\.ya?ml$/.test(entry.name) && isFile(directory, entry))
    .map(({ name }) => join(directory, name))
    .sort(byCodePoint)
}

/** Links count as what they lead to. One that leads nowhere is kept, so that reading it tells. */
function isFile(directory: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile()
  const path = join(directory, entry.name)
  return attempt(path, () => statSync(path, { throwIfNoEntry: false }))?.isFile() ?? true
}

/** UTF-8, or UTF-16 as some Windows editors write it; what marks the one or the other is no text. */
function readText(file: string): string {
  return attempt(file, () => {
    const bytes = readFileSync(file)
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
    return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
  })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'it may not be read: the permission is missing',
  EISDIR: 'it is a directory: name it with --config-dir',
  ENOTDIR: 'it is no directory: name it with --config',
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return fail(path, reasons[code] ?? `it cannot be read: ${message}`)
  }
}

function fail(path: string, message: string): never {
  throw new ConfigError([{ place: { file: path, line: 0, column: 0 }, path: '', message }])
}
