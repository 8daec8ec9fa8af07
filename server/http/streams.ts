import type { OutgoingHttpHeaders } from 'node:http'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** Answers that go on until somebody ends them. */
export class Streams {
  readonly #open = new Set<Answer>()
  #hasEnded = false

  /**
   * Sends the head at once (W26).
   * @returns whether there is a body to follow: a HEAD has its answer already, and so has everyone once the server ends
   */
  open({ incoming, outgoing }: Exchange, headers: OutgoingHttpHeaders): boolean {
    outgoing.writeHead(200, { ...headers, 'X-Content-Type-Options': 'nosniff', 'X-Accel-Buffering': 'no' })
    if (incoming.method === 'HEAD' || this.#hasEnded) {
      outgoing.end()
      return false
    }
    outgoing.flushHeaders()
    this.#open.add(outgoing)
    outgoing.once('close', () => this.#open.delete(outgoing))
    return true
  }

  /** Ends them all, as if there were no more to say, and those that are still to come. */
  end(): void {
    this.#hasEnded = true
    for (const outgoing of this.#open) outgoing.end()
  }
}
