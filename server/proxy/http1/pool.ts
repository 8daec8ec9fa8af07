import type { Timeouts } from '../../../config/timeouts.ts'
import { Connection } from './connection.ts'
import { Intake } from './intake.ts'
import { open } from './open.ts'
import type { Origin } from './origin.ts'

/**
 * The connections to one upstream. There are as many as there are exchanges at once, because the scheduler limits those
 * (`concurrencyLimit`); what rests is used again, the last used first, until it has rested too long.
 */
export class Pool {
  readonly #origin: Origin
  readonly #timeouts: Timeouts
  readonly #connections = new Set<Connection>()
  /** The last used last. */
  #resting: Connection[] = []
  #sweeper: NodeJS.Timeout | undefined
  #isRetired = false

  constructor(origin: Origin, timeouts: Timeouts) {
    this.#origin = origin
    this.#timeouts = timeouts
  }

  /** A connection that rested, else a fresh one. */
  take(): Connection {
    for (;;) {
      const rested = this.#resting.pop()
      if (!rested) return this.open()
      if (rested.isUsable) return rested
    }
  }

  /** A connection that has carried nothing. */
  open(): Connection {
    const intake = new Intake()
    const socket = open(this.#origin, this.#timeouts, intake)
    const connection = new Connection(socket, this.#timeouts.responseHeaderMs, (rested) => this.#rest(rested), intake)
    this.#connections.add(connection)
    connection.onGone(() => this.#connections.delete(connection))
    return connection
  }

  get isEmpty(): boolean {
    return this.#connections.size === 0
  }

  /** Closes what rests, and everything else when its exchange has ended. */
  retire(): void {
    this.#isRetired = true
    this.#closeResting()
  }

  /** Cuts everything off. */
  close(): void {
    this.retire()
    for (const connection of this.#connections) connection.cut()
  }

  #closeResting(): void {
    clearTimeout(this.#sweeper)
    for (const connection of this.#resting) connection.cut()
    this.#resting = []
  }

  #rest(connection: Connection): void {
    if (this.#isRetired) {
      connection.cut()
      return
    }
    connection.restedAt = performance.now()
    this.#resting.push(connection)
    const { idleConnectionMs: idleMs } = this.#timeouts
    if (this.#sweeper === undefined && idleMs > 0) this.#sweeper = setTimeout(() => this.#sweep(), idleMs).unref()
  }

  /** Closes what has rested too long, which stands in front. */
  #sweep(): void {
    const due = performance.now() - this.#timeouts.idleConnectionMs
    const firstToStay = this.#resting.findIndex(({ restedAt }) => restedAt > due)
    const gone = this.#resting.splice(0, firstToStay < 0 ? this.#resting.length : firstToStay)
    for (const connection of gone) connection.cut()
    const [oldest] = this.#resting
    this.#sweeper = oldest && setTimeout(() => this.#sweep(), Math.max(1, oldest.restedAt - due)).unref()
  }
}
