import type { Caller } from '../auth/caller.ts'
import { entryOf } from '../inflight/entry.ts'
import type { Inflight, Tracked } from '../inflight/inflight.ts'
import { message, type Source, type Step } from './source.ts'

/** The requests under way: all of them, then each that comes, grows or goes; all of them again for who missed too much (server §22.3). */
export class InflightSource implements Source {
  readonly #inflight: Inflight

  constructor(inflight: Inflight) {
    this.#inflight = inflight
  }

  next(seen: number | null, caller: Caller): Step | null {
    const { changes } = this.#inflight
    if (seen === changes.count) return null
    const missed = seen === null ? undefined : changes.after(seen)
    if (!missed) return { frames: this.#snapshot(caller), seen: changes.count }
    const frames = missed
      .filter(({ item }) => caller.sees(item.names))
      .map(({ type, item }) =>
        type === 'upsert'
          ? message('inflight', { operation: 'upsert', request: entryOf(item) })
          : message('inflight', { operation: 'remove', id: item.id }),
      )
    return { frames: frames.join(''), seen: changes.count }
  }

  #snapshot(caller: Caller): string {
    const isSeen = ({ names }: Tracked) => caller.sees(names)
    const requests = this.#inflight.list().filter(isSeen).map(entryOf)
    // Absent when empty, as the reference has it.
    return message('inflight', { operation: 'snapshot', ...(requests.length > 0 && { requests }) })
  }
}
