import type { Config, Model, ModelId } from '../../config/config.ts'
import { Names } from '../names.ts'
import { type Difference, differenceOf, sharing } from './difference.ts'

/** The configuration in force and what is derived from it. The one place where it changes, and then in one step. */
export class InForce {
  #config: Config
  #names: Names

  constructor(config: Config) {
    this.#config = config
    this.#names = new Names(config)
  }

  get config(): Config {
    return this.#config
  }

  get names(): Names {
    return this.#names
  }

  /** @throws for a model that is not configured: the actor system knows no other */
  modelOf(id: ModelId): Model {
    const model = this.#config.models.get(id)
    if (!model) throw new Error(`no configuration for model ${JSON.stringify(id)}`)
    return model
  }

  /** Null, and nothing is replaced, when the other one means the same. */
  replace(config: Config): Difference | null {
    const difference = differenceOf(this.#config, config)
    if (!difference) return null
    this.#config = sharing(this.#config, config)
    this.#names = new Names(this.#config)
    return difference
  }
}
