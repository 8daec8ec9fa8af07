import { type Client, Pool } from 'undici'
import type { Model } from '../../config/config.ts'

/** The HTTP side of one model's process. */
export interface Upstream {
  readonly model: string
  readonly origin: string
  /** Path of the `proxy` URL, without a trailing slash. */
  readonly basePath: string
  readonly pool: Pool
  readonly options: Client.Options
}

/** Models think long: only the connect is bounded, by the reference's 30 s; idle connections last its 90 s (config §7.5). */
const options: Client.Options = {
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: 90_000,
  pipelining: 1,
  connect: { timeout: 30_000, noDelay: true },
}

/** The pools of connections to the models, one for each, made when first needed. */
export class Upstreams {
  readonly #upstreams = new Map<Model, Upstream>()
  /** No longer used for anything new. */
  readonly #retired = new Set<Pool>()

  of(model: Model): Upstream {
    const known = this.#upstreams.get(model)
    if (known) return known
    const { origin, pathname } = new URL(model.proxy)
    const upstream = {
      model: model.id,
      origin,
      basePath: pathname.replace(/\/+$/, ''),
      pool: new Pool(origin, options),
      options,
    }
    this.#upstreams.set(model, upstream)
    return upstream
  }

  /** Keeps the pools of these models. Those of others close when their last response has ended. */
  keep(models: ReadonlySet<Model>): void {
    for (const [model, { pool }] of this.#upstreams) {
      if (models.has(model)) continue
      this.#upstreams.delete(model)
      this.#retired.add(pool)
      void pool.close().finally(() => this.#retired.delete(pool))
    }
  }

  async close(): Promise<void> {
    const pools = [...[...this.#upstreams.values()].map(({ pool }) => pool), ...this.#retired]
    await Promise.all(pools.map((pool) => pool.destroy()))
  }
}
