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

/** What a name from a request means (config §10.1). Every lookup is by `Map`: a name is never a key of a plain object. */
export class Names {
  readonly #config: Pick<Config, 'models' | 'aliases'>
  /** Of the name with the most: a path is not searched any deeper, however long it is. */
  readonly #mostSegments: number

  constructor(config: Pick<Config, 'models' | 'aliases'>) {
    this.#config = config
    this.#mostSegments = Math.max(1, ...this.all().map((name) => name.split('/').length))
  }

  /** The model with this id, else with this alias. Compared exactly. */
  resolve(name: string): Model | undefined {
    const { models, aliases } = this.#config
    return models.get(name as ModelId) ?? models.get(aliases.get(name) ?? (name as ModelId))
  }

  /** The model at the head of a path: the longest leading run of segments that names one, as ids may contain `/` (server §7.7). */
  resolvePath(path: string): NamedModel | undefined {
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
      const model = this.resolve(name)
      if (model) return { name, model, rest: path.slice(last.index + last[0].length) }
    }
    return undefined
  }

  all(): readonly string[] {
    return [...this.#config.models.keys(), ...this.#config.aliases.keys()]
  }
}
