/** How many requests each peer's model has through this server: a peer tells nothing of its load. */
export class PeerLoad {
  readonly #counts = new Map<string, number>()

  /** @param key `PEER/MODEL` */
  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** Counts a request until what is returned is disposed of. */
  enter(key: string): Disposable {
    this.#counts.set(key, this.of(key) + 1)
    return {
      [Symbol.dispose]: () => {
        const left = this.of(key) - 1
        if (left > 0) this.#counts.set(key, left)
        else this.#counts.delete(key)
      },
    }
  }
}
