import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'
import type { Line } from '../../machines/trace/frame.ts'
import { Parser, TraceError } from '../../machines/trace/parse.ts'

/** How a trace ended. */
export interface Ending {
  /** In the middle of a line, as a crash leaves it. That line was not handed out. */
  readonly isCut: boolean
}

const chunkSize = 256 * 1024

/**
 * Hands out the lines of a trace, one after the other, until it is over or enough. Compressed ones are known by their first
 * bytes.
 * @param path of the file; `-` is standard input
 * @param take returns whether it has enough
 * @throws TraceError when a line cannot be read, with the name of the file, and the file system's errors
 */
export async function readLines(path: string, take: (line: string) => boolean): Promise<Ending> {
  const batches = linesIn(path)
  try {
    for (let next = await batches.next(); ; next = await batches.next()) {
      if (next.done) return next.value
      for (const line of next.value) if (take(line)) return { isCut: false }
    }
  } catch (error) {
    throw error instanceof TraceError ? error.in(path) : error
  }
}

/**
 * What a trace says, line by line.
 * @throws TraceError as `readLines`
 */
export async function* readTrace(path: string): AsyncGenerator<Line, Ending> {
  const parser = new Parser()
  const batches = linesIn(path)
  try {
    for (let next = await batches.next(); ; next = await batches.next()) {
      if (next.done) return next.value
      for (const line of next.value) yield parser.parse(line)
    }
  } catch (error) {
    throw error instanceof TraceError ? error.in(path) : error
  }
}

/** The lines, as many at a time as come together. */
async function* linesIn(path: string): AsyncGenerator<readonly string[], Ending> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkSize })
  let rest = ''
  let count = 0
  try {
    for await (const chunk of await decompressed(source)) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield lines
      count += lines.length
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new TraceError(count + 1, `from here on the compression is damaged (${error.code})`, { cause: error })
  }
  if (rest !== '' && !isJson(rest)) return { isCut: true }
  if (rest !== '') yield [rest]
  return { isCut: false }
}

function isDamage(error: unknown): error is NodeJS.ErrnoException {
  return String((error as NodeJS.ErrnoException | undefined)?.code).startsWith('Z_')
}

/** The text of the stream. What a crash cut off of a compressed one is simply missing. */
async function decompressed(source: Readable): Promise<Readable> {
  const bytes = source[Symbol.asyncIterator]()
  const first = await bytes.next()
  const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b
  const whole = Readable.from(following(first, bytes), { objectMode: false })
  const plain = isGzip ? whole.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize })) : whole
  if (isGzip) whole.once('error', (error) => plain.destroy(error))
  return plain.setEncoding('utf8')
}

async function* following(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
