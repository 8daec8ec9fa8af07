import type { IncomingMessage } from 'node:http'
import { ApiError } from '../errors.ts'
import { readTarget } from '../http/target.ts'
import type { Logs } from './logs.ts'
import { Seldom } from './seldom.ts'

/** Tells the log what went wrong on the server's side. What a client did wrong is in the access log. */
export class FaultLog {
  readonly #logs: Logs
  readonly #seldom = new Seldom(() => performance.now())

  constructor(logs: Logs) {
    this.#logs = logs
  }

  note({ method, url = '' }: IncomingMessage, error: unknown): void {
    if (!(error instanceof ApiError) || error.code === 'internal_error') {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#seldom.say(what, (text) => this.#logs.error(`${method} ${readTarget(url).path} failed: ${text}`))
    } else if (error.status >= 500) {
      // The output of a model is in its own log.
      const [line = ''] = error.message.split('\n')
      this.#seldom.say(line, (text) => this.#logs.warn(`${error.status} ${error.code}: ${text}`))
    }
  }
}
