import type { IncomingMessage } from 'node:http'
import type { RequestId } from '../../machines/ids.ts'
import { cancelled } from '../errors.ts'
import type { Answer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import { Changes } from './changes.ts'

/** What is known of a request when it is entered. */
export interface Facts {
  /** Id of the model; the name as it was asked for when that is none of this server's. */
  readonly model: string
  /** The names by which a key may see it. */
  readonly names: readonly string[]
  /** As received; for `/upstream/MODEL/...` what follows the model. */
  readonly path: string
  readonly remoteIp: string
}

/** A request to a model that is under way (server §22). Disposing of it takes it out. */
export interface Tracked extends Facts, Disposable {
  /** 1, 2, 3, … in the order of arrival. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly incoming: IncomingMessage
  readonly outgoing: Answer
  /** What else is known of it, such as the selector that chose its model. */
  readonly metadata: Map<string, string>
  /** Its id with the scheduler, once it is there. */
  request: RequestId | null
}

interface Place {
  readonly tracked: Tracked
  readonly exchange: Exchange
  /** Where it stands among all places. */
  index: number
  /** The size of the answer when it was last told. */
  toldBytes: number
}

/** How often the progress of an answer is told (server §22.4). */
const progressMs = 250

/** The requests to models that are under way. As long as nobody watches, a request pays for its entry alone. */
export class Inflight {
  readonly #changes = new Changes<Tracked>()
  /** In no order: the last one takes the place of whoever leaves. Not a `Map`, for the reason that `Desk` gives. */
  readonly #places: Place[] = []
  #lastId = 0
  #progress: NodeJS.Timeout | undefined

  register(exchange: Exchange, facts: Facts): Tracked {
    const { incoming, outgoing } = exchange
    const id = String(++this.#lastId)
    const tracked: Tracked = {
      ...facts,
      id,
      since: Date.now(),
      incoming,
      outgoing,
      metadata: new Map(),
      request: null,
      [Symbol.dispose]: () => this.#leave(place),
    }
    const place: Place = { tracked, exchange, index: this.#places.length, toldBytes: 0 }
    this.#places.push(place)
    this.#changes.upsert(tracked)
    outgoing.once('head', () => this.#changes.upsert(tracked))
    this.#tellProgress()
    return tracked
  }

  /** Once for each place: who has left already changes nothing. */
  #leave(place: Place): void {
    const { index, tracked } = place
    if (this.#places[index] !== place) return
    const last = this.#places.pop()!
    if (last !== place) {
      last.index = index
      this.#places[index] = last
    }
    this.#changes.remove(tracked)
  }

  /** In the order of arrival. */
  list(): readonly Tracked[] {
    return this.#places.map(({ tracked }) => tracked).sort((one, other) => Number(one.id) - Number(other.id))
  }

  /**
   * Ends a request, whatever it is doing (server §22.5).
   * @returns whether there is one of this id that may be cancelled
   */
  cancel(id: string, mayCancel: (tracked: Tracked) => boolean): boolean {
    const place = this.#places.find(({ tracked }) => tracked.id === id)
    if (!place || !mayCancel(place.tracked)) return false
    place.exchange.departure.abort(cancelled())
    return true
  }

  /** The number of the latest change, and those after an earlier one: see {@link Changes}. */
  get changes(): Pick<Changes<Tracked>, 'count' | 'after'> {
    return this.#changes
  }

  /** Calls back after each change. Returns the function that ends it. */
  watch(watcher: () => void): () => void {
    const leave = this.#changes.watch(watcher)
    this.#tellProgress()
    return leave
  }

  /** Looks from time to time which answers have grown, as long as somebody watches and something is under way. */
  #tellProgress(): void {
    if (this.#progress || !this.#changes.isWatched || this.#places.length === 0) return
    this.#progress = setTimeout(() => {
      this.#progress = undefined
      for (const place of this.#places) {
        const { bodyBytes } = place.tracked.outgoing
        if (bodyBytes === place.toldBytes) continue
        place.toldBytes = bodyBytes
        this.#changes.upsert(place.tracked)
      }
      this.#tellProgress()
    }, progressMs).unref()
  }
}
