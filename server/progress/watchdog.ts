import type { ModelId } from '../../config/config.ts'
import type { Engine } from '../../machines/engine.ts'
import { type Stall, stalls } from '../../machines/policy/stalls.ts'
import type { Logs } from '../logs/logs.ts'

/** Something that has stopped moving, in words, and for which model. */
export interface Problem {
  readonly model: ModelId
  readonly message: string
}

/** How often it looks when nobody asks. */
const intervalMs = 5_000

/**
 * Looks whether the scheduler keeps its word: that everything that waits is moved by something (I7), and that each swap ends
 * within its deadlines. It never has anything to say unless there is a fault in hotseat.
 */
export class Watchdog {
  readonly #system: Pick<Engine, 'ledger'>
  readonly #logs: Logs
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  readonly #onStall: () => void
  #told: ReadonlySet<string> = new Set()

  /** @param onStall is called when something has stopped moving and nothing had before: what follows from it is no news */
  constructor(system: Pick<Engine, 'ledger'>, logs: Logs, now: () => number, onStall: () => void) {
    this.#system = system
    this.#onStall = onStall
    this.#logs = logs
    this.#now = now
    this.#timer = setInterval(() => this.look(), intervalMs).unref()
  }

  /** What has stopped moving. Each is logged once. */
  look(): readonly Problem[] {
    const problems = stalls(this.#system.ledger(), this.#now()).map(describe)
    const news = problems.filter(({ message }) => !this.#told.has(message))
    for (const { message } of news) this.#logs.error(`Stalled: ${message}`)
    if (news.length > 0 && this.#told.size === 0) this.#onStall()
    this.#told = new Set(problems.map(({ message }) => message))
    return problems
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

function describe(stall: Stall): Problem {
  switch (stall.type) {
    case 'forgotten': {
      const { request, model } = stall.standing.ticket
      return { model, message: `request ${request} for model "${model}" waits, and nothing is in its way (I7)` }
    }
    case 'overdue': {
      const { id, target } = stall.swap
      return { model: target, message: `swap ${id} to model "${target}" has outlived all of its deadlines` }
    }
  }
}
