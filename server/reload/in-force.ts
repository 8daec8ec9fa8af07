import type { Config, Model, ModelId } from '../../config/config.ts'
import { Names } from '../names.ts'
import { sharing } from './difference.ts'

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

  replace(config: Config): void {
    this.#config = sharing(this.#config, config)
    this.#names = new Names(this.#config)
  }
}
