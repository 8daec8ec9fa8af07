import { type FileHandle, open, readdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)
/** A third of the time that the usual 6 takes, for a tenth more bytes. */
const level = 3

/** One file of a recording, from its first line to its last. */
export class TraceFile {
  /** Written so far, as they lie on the disk. */
  bytes = 0
  readonly #handle: FileHandle
  readonly #isGzipped: boolean

  private constructor(handle: FileHandle, isGzipped: boolean) {
    this.#handle = handle
    this.#isGzipped = isGzipped
  }

  /** Begins the file; one that is there already is kept under another name. @throws the file system's error */
  static async open(path: string, isGzipped: boolean): Promise<TraceFile> {
    await putAside(path)
    return new TraceFile(await open(path, 'wx'), isGzipped)
  }

  /** Each text is compressed by itself, so that a crash costs no more than the last one. @throws the file system's error */
  async write(text: string): Promise<void> {
    const bytes = this.#isGzipped ? await compress(text, { level }) : Buffer.from(text)
    await this.#handle.appendFile(bytes)
    this.bytes += bytes.length
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** `week.jsonl.gz` is kept as `week.1.jsonl.gz`, or with the next number that is free: higher is later. */
async function putAside(path: string): Promise<void> {
  const [, stem = '', extension = ''] = /^(.*?)((?:\.jsonl?)?(?:\.gz)?)$/.exec(basename(path)) ?? []
  const folder = dirname(path)
  const names = await readdir(folder)
  if (!names.includes(basename(path))) return
  const numbers = names.map((name) => {
    const isKept = name.startsWith(`${stem}.`) && name.endsWith(extension)
    const number = isKept ? name.slice(stem.length + 1, name.length - extension.length) : ''
    return /^\d+$/.test(number) ? Number(number) : 0
  })
  await rename(path, join(folder, `${stem}.${Math.max(0, ...numbers) + 1}${extension}`))
}
