import type { Model } from '../../config/config.ts'
import type { Peer } from '../../config/peers.ts'
import type { Timeouts } from '../../config/timeouts.ts'
import { environmentProxyFor } from './environment-proxy.ts'
import { type Origin, placeOf } from './http1/origin.ts'
import { Pool } from './http1/pool.ts'

/** The HTTP side of a model's process, or of a peer. */
export interface Upstream {
  /** For messages, such as `Model "qwen"`. */
  readonly label: string
  /** Where to read more when it fails. */
  readonly hint: string
  readonly origin: Origin
  readonly host: string
  /** What stands before the path in a request line: the path of its URL without a trailing slash, behind the rest of it if a proxy is asked. */
  readonly basePath: string
  /** For a proxy that is asked; null for one that is only passed through, and when there is none. */
  readonly proxyAuthorization: string | null
  readonly pool: Pool
  readonly timeouts: Timeouts
  /** Null for a process of our own, which is told whom its client called. */
  readonly remote: Remote | null
}

/** A peer is another server: it is called by its own name, and is not told for whom (server §10). */
export interface Remote {
  /** Takes the place of the client's credentials; null leaves those. */
  readonly apiKey: string | null
}

/** The connections to models and peers, made when first needed. */
export class Upstreams {
  readonly #upstreams = new Map<Model | Peer, Upstream>()
  /** No longer used for anything new. */
  readonly #retired = new Set<Pool>()

  of(model: Model): Upstream {
    return this.#upstreams.get(model) ?? this.#add(model, model.proxy, model.timeouts, ownModel(model))
  }

  ofPeer(peer: Peer): Upstream {
    return this.#upstreams.get(peer) ?? this.#add(peer, peer.url, peer.timeouts, otherServer(peer))
  }

  #add(
    owner: Model | Peer,
    address: string,
    timeouts: Timeouts,
    kind: Pick<Upstream, 'label' | 'hint' | 'remote'>,
  ): Upstream {
    const url = new URL(address)
    const proxy = environmentProxyFor(url, process.env)
    const origin = { ...placeOf(url), proxy }
    const isAskedOfProxy = proxy !== null && !origin.isSecure
    const upstream = {
      ...kind,
      hint: proxy === null ? kind.hint : `${kind.hint} It is asked through ${proxy.label}; NO_PROXY lists what is not.`,
      origin,
      host: url.host,
      basePath: (isAskedOfProxy ? url.origin : '') + url.pathname.replace(/\/+$/, ''),
      proxyAuthorization: isAskedOfProxy ? proxy.authorization : null,
      pool: new Pool(origin, timeouts),
      timeouts,
    }
    this.#upstreams.set(owner, upstream)
    return upstream
  }

  /** Keeps the connections to these. Those to others close when their last response has ended. */
  keep(owners: ReadonlySet<Model | Peer>): void {
    for (const [owner, { pool }] of this.#upstreams) {
      if (owners.has(owner)) continue
      this.#upstreams.delete(owner)
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

function ownModel({ id }: Model) {
  return { label: `Model "${id}"`, hint: `Its log is at /logs/stream/${id}`, remote: null }
}

function otherServer({ id, url, apiKey }: Peer) {
  return { label: `Peer "${id}"`, hint: `Is there a server at ${url}?`, remote: { apiKey } }
}
