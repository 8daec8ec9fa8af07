import type { Departure } from '../departure.ts'
import type { Answer } from '../http/answer.ts'
import type { Connection, Exchange, Failure } from './http1/connection.ts'
import type { Head } from './http1/head.ts'

/** How an attempt to get an answer for the client came out. */
export type Outcome =
  /** Nothing is left to do: it was passed on, or cut where it broke. */
  | { readonly type: 'passed on' }
  /** Nothing was passed on, and nobody waits for it any more. */
  | { readonly type: 'aborted'; readonly reason: Error }
  /** Nothing was passed on. */
  | { readonly type: 'failed'; readonly error: Error; readonly isStale: boolean }
  /** Nothing was passed on: it is an answer for which somebody else shall be asked. */
  | { readonly type: 'declined'; readonly status: number }

/** The client's side of an exchange. */
export interface Recipient {
  readonly outgoing: Answer
  /** Ends it when the client leaves, or with the `ApiError` that is to be its answer. */
  readonly departure: Departure
  /** Statuses for which somebody else shall be asked: nothing of such an answer is passed on. */
  readonly declines?: ((status: number) => boolean) | undefined
  /** Headers of our own for the answer: names and values in turn. */
  readonly fields?: readonly string[] | undefined
}

/** Whoever gets an answer for a client: holds the upstream back while the client is slow, and ends it when the client leaves. */
export abstract class Reception implements Exchange {
  readonly method: string
  readonly outcome: Promise<Outcome>
  protected readonly outgoing: Answer
  readonly #departure: Departure
  readonly #declines: Recipient['declines']
  readonly #connection: Connection
  readonly #settle: (outcome: Outcome) => void
  #isHeld = false
  #isOver = false

  constructor(method: string, { outgoing, departure, declines }: Recipient, connection: Connection) {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.method = method
    this.outcome = promise
    this.outgoing = outgoing
    this.#departure = departure
    this.#declines = declines
    this.#connection = connection
    this.#settle = resolve
    departure.onAbort((reason) => this.aborted(reason, this.#connection.destroy()))
  }

  /** Nothing of the answer concerns the client any more, though more of it may have come already. */
  protected get isOver(): boolean {
    return this.#isOver
  }

  /** Whether something may be written between what was handed on as the framed body and what follows. */
  protected get isBetweenChunks(): boolean {
    return this.#connection.isBetweenChunks
  }

  abstract informed(head: Head): void
  abstract head(head: Head): boolean
  abstract body(bytes: Buffer, isLast?: boolean): void
  abstract end(trailers: readonly string[]): void
  abstract failed(error: Error, about: Failure): void
  /** The client has left, or the request was cancelled: the upstream has been let go. */
  protected abstract aborted(reason: Error, isBetweenChunks: boolean): void

  /** See `Connection.loan`. */
  protected loan(): (() => void) | undefined {
    return this.#connection.loan()
  }

  /** The client does not take more for now. */
  protected hold(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    this.#connection.pause()
    this.outgoing.once('drain', () => {
      if (this.#isHeld) this.#connection.resume()
      this.#isHeld = false
    })
  }

  /** Whether somebody else shall be asked after an answer of this status: then the upstream is let go. */
  protected declined(status: number): boolean {
    if (!this.#declines?.(status)) return false
    this.#connection.destroy()
    this.finish({ type: 'declined', status })
    return true
  }

  protected finish(outcome: Outcome): void {
    this.#isOver = true
    this.#departure.onAbort(undefined)
    // The connection may carry another exchange from now on, which is not this client's to hold back.
    this.#isHeld = false
    this.#settle(outcome)
  }
}
