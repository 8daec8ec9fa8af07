import type { Caller } from '../auth/caller.ts'
import { message, type Source, type Step } from './source.ts'

/** Something that is told as a whole each time that it changes. */
export class SnapshotSource implements Source {
  readonly #type: string
  readonly #render: (caller: Caller) => unknown
  #version = 1
  /** What everyone gets who may see everything. */
  #shared: Step | null = null

  constructor(type: string, render: (caller: Caller) => unknown) {
    this.#type = type
    this.#render = render
  }

  /** It has changed. */
  touch(): void {
    this.#version++
  }

  next(seen: number | null, caller: Caller): Step | null {
    if (seen === this.#version) return null
    if (!caller.seesAll) return this.#step(caller)
    if (this.#shared?.seen !== this.#version) this.#shared = this.#step(caller)
    return this.#shared
  }

  #step(caller: Caller): Step {
    return { frames: message(this.#type, this.#render(caller)), seen: this.#version }
  }
}
