import type { Forwarded } from '../proxy/forward.ts'
import type { Recipient } from '../proxy/reception.ts'
import { Continuation } from './continuation.ts'
import { formatEvent, type LoadingDialect, type SseEvent } from './dialect.ts'
import { LoadingScript, type Progress, tickMs } from './script.ts'

/**
 * Tells a client of progress while its model comes, then goes over into the model's answer. Between the scheduler's grant
 * and the request to the model it takes no time (W18), and nothing is written after the client has left.
 */
export class Teller {
  readonly #recipient: Recipient
  readonly #dialect: LoadingDialect
  readonly #script: LoadingScript
  readonly #timer: NodeJS.Timeout
  #isReady = false

  /** @param progress what is known at the moment */
  constructor(recipient: Recipient, model: string, dialect: LoadingDialect, progress: () => Progress) {
    const { outgoing } = recipient
    this.#recipient = recipient
    this.#dialect = dialect
    this.#script = new LoadingScript(model, performance.now())
    outgoing.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      'X-Accel-Buffering': 'no',
    })
    this.#send([...dialect.open(), ...dialect.say(this.#script.opening)])
    this.#timer = setInterval(() => {
      // A client that does not read hears less, and costs no memory.
      if (!outgoing.writableNeedDrain) this.#send(dialect.say(this.#script.tick(performance.now(), progress())))
    }, tickMs)
    outgoing.once('close', () => clearInterval(this.#timer))
  }

  /** The model is there: its answer follows. */
  ready(): void {
    if (this.#isReady) return
    this.#isReady = true
    clearInterval(this.#timer)
    this.#send([...this.#dialect.say(this.#script.ready(performance.now())), ...this.#dialect.close()])
  }

  /** No answer will come. */
  fail(error: object): void {
    clearInterval(this.#timer)
    this.#send(this.#dialect.fail(error))
    this.#recipient.outgoing.end()
  }

  /** How the model's answer is read, which goes on with what was told. */
  reading({ withheld, path }: Pick<Forwarded, 'withheld' | 'path'>): Pick<Forwarded, 'receive' | 'withheld'> {
    return {
      receive: (connection) => new Continuation(this.#recipient, connection, this.#dialect, path),
      withheld: [...withheld, 'accept-encoding'],
    }
  }

  #send(events: readonly SseEvent[]): void {
    const { outgoing } = this.#recipient
    if (!outgoing.destroyed && !outgoing.writableEnded) outgoing.write(events.map(formatEvent).join(''))
  }
}
