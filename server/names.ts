import type { Config, Model, ModelId } from '../config/config.ts'
import { decodeSegment } from './http/target.ts'

/** A model that was found at the head of a path. */
export interface NamedModel {
  /** As it was written there, decoded. */
  readonly name: string
  readonly model: Model
  /** What follows the name, still percent-encoded; empty when the path ends with it. */
  readonly rest: string
}

/** What stands at the head of a path. */
export interface Leading<T> {
  /** As it was written there, decoded. */
  readonly name: string
  readonly meaning: T
  /** What follows the name, still percent-encoded; empty when the path ends with it. */
  readonly rest: string
}

/** What a name from a request means (config §10.1). Every lookup is by `Map`: a name is never a key of a plain object. */
export class Names {
  readonly #config: Pick<Config, 'models' | 'aliases' | 'peerModels' | 'profiles'>
  /** Of the name with the most: a path is not searched any deeper, however long it is. */
  readonly #mostSegments: number

  constructor(config: Pick<Config, 'models' | 'aliases' | 'peerModels' | 'profiles'>) {
    this.#config = config
    const pins = [...config.profiles.values()].flatMap((profile) => [...profile.pins.keys()])
    const names = [...this.all(), ...config.peerModels.keys(), ...pins]
    this.#mostSegments = names.reduce((most, name) => Math.max(most, name.split('/').length), 1)
  }

  /** The model with this id, else with this alias. Compared exactly. */
  resolve(name: string): Model | undefined {
    const { models, aliases } = this.#config
    return models.get(name as ModelId) ?? models.get(aliases.get(name) ?? (name as ModelId))
  }

  /** The model at the head of a path. */
  resolvePath(path: string): NamedModel | undefined {
    const found = this.leading(path, (name) => this.resolve(name))
    return found && { name: found.name, model: found.meaning, rest: found.rest }
  }

  /** The longest leading run of segments that means something, as names may contain `/` (server §7.7). */
  leading<T>(path: string, meaningOf: (name: string) => T | undefined): Leading<T> | undefined {
    const segments: RegExpExecArray[] = []
    for (const segment of path.matchAll(/[^/]+/g)) {
      if (segments.push(segment) === this.#mostSegments) break
    }
    for (let count = segments.length; count > 0; count--) {
      const last = segments[count - 1]!
      const name = segments
        .slice(0, count)
        .map(([segment]) => decodeSegment(segment))
        .join('/')
      const meaning = meaningOf(name)
      if (meaning !== undefined) return { name, meaning, rest: path.slice(last.index + last[0].length) }
    }
    return undefined
  }

  all(): readonly string[] {
    return [...this.#config.models.keys(), ...this.#config.aliases.keys()]
  }
}
