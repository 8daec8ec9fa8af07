import type { Exchange } from '../http/exchange.ts'
import { sseComment } from '../http/sse.ts'
import type { Source } from './source.ts'

/** A reader of the events. */
export class EventClient {
  readonly #exchange: Exchange
  readonly #seen = new Map<Source, number>()
  readonly #sources: readonly Source[]
  /** Until it has been told everything once. */
  #opening: readonly Source[] | null

  /** @param opening the sources in the order in which a new client hears of them */
  constructor(exchange: Exchange, opening: readonly Source[], sources: readonly Source[]) {
    this.#exchange = exchange
    this.#opening = opening
    this.#sources = sources
  }

  /** Tells what it has not seen yet, source by source, as long as it takes it. */
  tell(): void {
    const { outgoing, caller } = this.#exchange
    for (const source of this.#opening ?? this.#sources) {
      for (;;) {
        if (!this.#isListening()) return
        const step = source.next(this.#seen.get(source) ?? null, caller)
        if (!step) break
        this.#seen.set(source, step.seen)
        if (step.frames !== '') outgoing.write(step.frames)
      }
    }
    this.#opening = null
  }

  keepAlive(): void {
    if (this.#isListening()) this.#exchange.outgoing.write(sseComment('still here'))
  }

  #isListening(): boolean {
    const { outgoing } = this.#exchange
    return !outgoing.writableEnded && !outgoing.destroyed && !outgoing.writableNeedDrain
  }
}
