import type { Config, Model, ModelId } from '../config/config.ts'

/** What a name from a request means (config §10.1). Every lookup is by `Map`: a name is never a key of a plain object. */
export class Names {
  readonly #config: Pick<Config, 'models' | 'aliases'>

  constructor(config: Pick<Config, 'models' | 'aliases'>) {
    this.#config = config
  }

  /** The model with this id, else with this alias. Compared exactly. */
  resolve(name: string): Model | undefined {
    const { models, aliases } = this.#config
    return models.get(name as ModelId) ?? models.get(aliases.get(name) ?? (name as ModelId))
  }

  /**
   * The model at the head of a path: the longest leading run of segments that names one, because ids may contain `/`
   * (server §7.7). `rest` keeps its percent-encoding and is empty when the path ends with the name.
   */
  resolvePath(path: string): { name: string; model: Model; rest: string } | undefined {
    const segments = [...path.matchAll(/[^/]+/g)]
    for (let count = segments.length; count > 0; count--) {
      const last = segments[count - 1]!
      const name = segments
        .slice(0, count)
        .map(([segment]) => decoded(segment))
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

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
