import type { ServerResponse } from 'node:http'

/** Made once: the platform's own reason would cost every client that leaves a stack trace that nobody reads. */
export const clientLeft = new Error('the client left')

/**
 * The end of an exchange before its answer is complete: the client leaves, somebody cancels it, or its body turns out to be no
 * good while it is on its way. Most requests are answered without anybody waiting for that, so the signal is made when it is
 * first asked for; it costs as much as finding the route.
 */
export class Departure {
  #reason: Error | undefined
  #controller: AbortController | undefined
  #listener: ((reason: Error) => void) | undefined

  constructor(outgoing: ServerResponse) {
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) this.abort(clientLeft)
    })
  }

  /** Why it has ended; undefined as long as it goes on. */
  get reason(): Error | undefined {
    return this.#reason
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Ends it. Only the first reason counts. */
  abort(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#listener?.(reason)
    this.#controller?.abort(reason)
  }

  /** Calls back when it ends; the last listener counts. Cheaper than the signal, for whoever passes the answer on. */
  onAbort(listener: ((reason: Error) => void) | undefined): void {
    this.#listener = listener
  }
}
