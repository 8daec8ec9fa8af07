import type { Model } from '../../config/config.ts'
import { type Origin, originOf } from './http1/open.ts'
import { Pool } from './http1/pool.ts'

/** The HTTP side of one model's process. */
export interface Upstream {
  readonly model: string
  readonly origin: Origin
  /** What a client that names no host is taken to mean. */
  readonly host: string
  /** Path of the `proxy` URL, without a trailing slash. */
  readonly basePath: string
  readonly pool: Pool
}

/** The connections to the models, made when first needed. */
export class Upstreams {
  readonly #upstreams = new Map<Model, Upstream>()
  /** No longer used for anything new. */
  readonly #retired = new Set<Pool>()

  of(model: Model): Upstream {
    const known = this.#upstreams.get(model)
    if (known) return known
    const url = new URL(model.proxy)
    const origin = originOf(url)
    const upstream = {
      model: model.id,
      origin,
      host: url.host,
      basePath: url.pathname.replace(/\/+$/, ''),
      pool: new Pool(origin, model.timeouts),
    }
    this.#upstreams.set(model, upstream)
    return upstream
  }

  /** Keeps the connections to these models. Those to others close when their last response has ended. */
  keep(models: ReadonlySet<Model>): void {
    for (const [model, { pool }] of this.#upstreams) {
      if (models.has(model)) continue
      this.#upstreams.delete(model)
      this.#retired.add(pool)
      pool.retire()
    }
    for (const pool of this.#retired) if (pool.isEmpty) this.#retired.delete(pool)
  }

  /** Cuts every response off. */
  close(): void {
    for (const { pool } of this.#upstreams.values()) pool.close()
    for (const pool of this.#retired) pool.close()
  }
}
