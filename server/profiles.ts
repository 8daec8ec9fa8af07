import type { Config } from '../config/config.ts'
import type { Profile } from '../config/profiles.ts'

/** Which profile is active: one for the whole server, in memory, none at the start (server §23.3). */
export class Profiles {
  readonly #config: () => Config
  readonly #listeners = new Set<() => void>()
  #selected: string | null = null

  /** @param config as it is at the moment: a selection outlives a reload as long as its profile does */
  constructor(config: () => Config) {
    this.#config = config
  }

  get active(): Profile | null {
    return (this.#selected !== null && this.#config().profiles.get(this.#selected)) || null
  }

  /**
   * Makes the profile of this id the active one, or none. Selecting it again changes nothing.
   * @returns whether there is such a profile; if not, the selection stays
   */
  select(id: string | null): boolean {
    if (id !== null && !this.#config().profiles.has(id)) return false
    const before = this.active?.id ?? null
    this.#selected = id
    if (id !== before) for (const listener of this.#listeners) listener()
    return true
  }

  /** Another configuration is in force: a profile that is gone stays forgotten, even if it comes back one day. */
  reloaded(): void {
    this.#selected = this.active?.id ?? null
  }

  /** Calls back after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
