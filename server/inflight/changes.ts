/** What became of something: it came or changed, or it is gone. */
export interface Change<T> {
  readonly type: 'upsert' | 'remove'
  readonly item: T
}

/** Beyond this many, telling all that there is costs less than telling what changed (server §22.4). */
const most = 128

/**
 * The latest changes to a collection. Whoever follows them keeps the number of the last one it has seen; who falls too far
 * behind starts over from the whole collection. Nothing is kept as long as nobody watches.
 */
export class Changes<T> {
  readonly #watchers = new Set<() => void>()
  #recent: Change<T>[] = []
  #count = 0

  get isWatched(): boolean {
    return this.#watchers.size > 0
  }

  /** The number of the latest change. */
  get count(): number {
    return this.#count
  }

  /** What changed after that one, without upserts that a later one makes old news; undefined when it is too much. */
  after(count: number): readonly Change<T>[] | undefined {
    const missed = this.#count - count
    if (missed > this.#recent.length) return undefined
    const changes = this.#recent.slice(this.#recent.length - missed)
    const latest = new Map(changes.flatMap(({ type, item }, index) => (type === 'upsert' ? [[item, index]] : [])))
    return changes.filter(({ type, item }, index) => type === 'remove' || latest.get(item) === index)
  }

  upsert(item: T): void {
    this.#note({ type: 'upsert', item })
  }

  remove(item: T): void {
    this.#note({ type: 'remove', item })
  }

  /** Calls back after each change. Returns the function that ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
      if (!this.isWatched) this.#recent = []
    }
  }

  #note(change: Change<T>): void {
    this.#count++
    if (!this.isWatched) return
    this.#recent.push(change)
    if (this.#recent.length > most) this.#recent.shift()
    for (const watcher of this.#watchers) watcher()
  }
}
