import type { Writable } from 'node:stream'
import { sseComment, sseMessage, sseRetry } from '../http/sse.ts'

/** What may wait for a slow viewer beside its beginning. One that is further behind misses what happens, and is told anew how everything is. */
const mostWaiting = 1024 * 1024
/** After which a page that lost its connection tries again. */
const retryMs = 1_000

/** A page that watches, over an event stream: frames as messages, `begin` before it is told anew, `skipped` for what it is not told. */
export class Viewer {
  /** Called when a viewer that was behind can be told anew. */
  onReady = () => {}
  readonly #outgoing: Writable
  #isBehind = false
  #mostWaiting = mostWaiting

  /** @param outgoing its head has been sent */
  constructor(outgoing: Writable) {
    this.#outgoing = outgoing
  }

  /** Everyone who is there, in place of all that it was told before. */
  begin(present: readonly string[]): void {
    this.#isBehind = false
    const head = [sseRetry(retryMs), sseMessage('begin', String(present.length))]
    const text = [...head, ...present.map(asMessage)].join('')
    this.#mostWaiting = mostWaiting + Buffer.byteLength(text)
    this.#write(text)
  }

  tell(frames: readonly string[], skipped: number): void {
    const rest = skipped > 0 ? [sseMessage('skipped', String(skipped))] : []
    this.#write([...frames.map(asMessage), ...rest].join(''))
  }

  keepAlive(): void {
    this.#write(sseComment('still here'))
  }

  end(): void {
    this.#outgoing.end()
  }

  #write(text: string): void {
    if (this.#isBehind || this.#outgoing.writableEnded) return
    this.#outgoing.write(text)
    if (this.#outgoing.writableLength <= this.#mostWaiting) return
    this.#isBehind = true
    this.#outgoing.once('drain', () => this.onReady())
  }
}

function asMessage(frame: string): string {
  return sseMessage('message', frame)
}
