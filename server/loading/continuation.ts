import { errorObject } from '../envelope.ts'
import { ApiError, upstreamBroke } from '../errors.ts'
import type { Connection } from '../proxy/http1/connection.ts'
import type { Recipient } from '../proxy/reception.ts'
import { Translation } from '../proxy/translation.ts'
import { formatEvent, type LoadingDialect } from './dialect.ts'

/** What is shown of an answer that is no stream of events: enough for any message of a model. */
const mostBytes = 64 * 1024

/** The model's answer as the continuation of a stream that has already told of its loading (server §11, W14). */
export class Continuation extends Translation {
  readonly #dialect: LoadingDialect
  readonly #path: string
  #hasHead = false

  /** @param path decides how the client knows errors */
  constructor(recipient: Recipient, connection: Connection, dialect: LoadingDialect, path: string) {
    super(recipient, connection, mostBytes)
    this.#dialect = dialect
    this.#path = path
  }

  protected begin(): void {
    this.#hasHead = true
  }

  /** The client has its head already; until the model's has come, it can still be asked again. */
  protected get hasBegun(): boolean {
    return this.#hasHead
  }

  protected override piece(bytes: Buffer): void {
    if (this.#dialect.continue) super.piece(bytes)
    else this.write(bytes)
  }

  protected event({ event, data }: { event?: string | undefined; data: string }): void {
    for (const next of this.#dialect.continue?.({ event, data }) ?? []) this.write(formatEvent(next))
  }

  protected close(): void {}

  /** What is no stream is what went wrong: its status can no longer be given, so it is told. */
  protected whole(status: number, body: Buffer): void {
    this.#tell(errorIn(body.toString(), status))
  }

  protected break(error: Error): void {
    this.#tell(errorObject(error instanceof ApiError ? error : upstreamBroke(error), this.#path))
    this.outgoing.write('', () => this.outgoing.destroy())
  }

  #tell(error: object): void {
    for (const event of this.#dialect.fail(error)) this.write(formatEvent(event))
  }
}

/** The error that a body tells of, or one that shows the body. */
function errorIn(body: string, status: number): object {
  try {
    const { error } = JSON.parse(body) as { error?: unknown }
    if (typeof error === 'object' && error !== null) return error
  } catch {
    // It is shown as it is.
  }
  const message = `The model answered ${status} instead of a stream: ${body.slice(0, 2_000)}`
  return { message, type: 'server_error', param: null, code: 'bad_gateway' }
}
