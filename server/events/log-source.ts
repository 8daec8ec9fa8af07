import type { Caller } from '../auth/caller.ts'
import type { Log } from '../logs/log.ts'
import { message, type Source, type Step } from './source.ts'

/** So much of a log is one message at most: what a client that never reads can hold. */
const mostBytes = 32 * 1024

/** A log: its history first, even when that is empty, then what is added. For those who may read all logs. */
export class LogSource implements Source {
  readonly #name: 'proxy' | 'upstream'
  readonly #log: Log
  /** The last step that was made: clients that keep up ask for the same. */
  #last: { readonly from: number | null; readonly end: number; readonly step: Step } | null = null

  constructor(name: 'proxy' | 'upstream', log: Log) {
    this.#name = name
    this.#log = log
  }

  next(seen: number | null, caller: Caller): Step | null {
    const { end } = this.#log
    if (seen === end || !caller.seesAll || !caller.may('logs')) return null
    if (this.#last?.from !== seen || this.#last.end !== end) this.#last = { from: seen, end, step: this.#step(seen) }
    // Nothing but the beginning of a character: its rest will come.
    return this.#last.step.seen === seen ? null : this.#last.step
  }

  #step(seen: number | null): Step {
    const { from, bytes } = this.#log.read(seen ?? 0, mostBytes)
    const gap = seen === null ? 0 : from - seen
    const length = wholeCharacters(bytes)
    const text = bytes.toString('utf8', 0, length)
    const data = gap > 0 ? `— ${gap} bytes dropped —\n${text}` : text
    return { frames: message('logData', { source: this.#name, data }), seen: from + length }
  }
}

/** How many of the bytes come before a character of UTF-8 that is cut off at their end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte >= 0xc0) return back < lengthFrom(byte) ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function lengthFrom(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}
