import type { Exchange } from '../http/exchange.ts'
import type { Server } from '../server.ts'
import { EventClient } from './client.ts'
import { InflightSource } from './inflight-source.ts'
import { LogSource } from './log-source.ts'
import { modelStatus } from './model-status.ts'
import { SnapshotSource } from './snapshot-source.ts'
import type { Source } from './source.ts'

/** What happens within this time is told together: a busy log or a swap makes many changes at once (W42). */
const gatherMs = 50
/** Within the 15 to 30 s after which proxies close what is silent (W28). */
const heartbeatMs = 15_000

/** Where what happens can be heard of. */
export type Watched = Pick<Server, 'logs' | 'profiles' | 'inflight' | 'streams' | 'system'>

/** `GET /api/events`: tells its clients what happens (server §21). Costs nothing as long as there are none. */
export class Feed {
  readonly #watched: Watched
  readonly #clients = new Set<EventClient>()
  readonly #models: SnapshotSource
  readonly #ui: SnapshotSource
  readonly #profile: SnapshotSource
  /** In the order in which a new client hears them. */
  readonly #opening: readonly Source[]
  /** Afterwards the models come last: a change of the profile is followed by them. */
  readonly #sources: readonly Source[]
  #leave: readonly (() => void)[] = []
  #gathering: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined

  /** @param server as it is at the moment: a reload replaces its parts */
  constructor(watched: Watched, server: () => Pick<Server, 'config' | 'system'>) {
    this.#watched = watched
    const { logs, inflight, profiles } = watched
    const proxy = new LogSource('proxy', logs.proxy)
    const upstream = new LogSource('upstream', logs.upstream)
    const requests = new InflightSource(inflight)
    this.#models = new SnapshotSource('modelStatus', (caller) => modelStatus(server(), caller))
    this.#ui = new SnapshotSource('uiConfig', () => ({ activity: { session_id: server().config.sessionHeaders } }))
    this.#profile = new SnapshotSource('profileChanged', () => ({ active: profiles.active?.id ?? null }))
    this.#opening = [proxy, upstream, this.#models, this.#ui, this.#profile, requests]
    this.#sources = [proxy, upstream, this.#ui, this.#profile, requests, this.#models]
  }

  /** Adds a client. It is told everything first, and then what changes. */
  open(exchange: Exchange): void {
    const { outgoing } = exchange
    const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }
    if (!this.#watched.streams.open(exchange, headers)) return
    if (this.#clients.size === 0) this.#listen()
    const client = new EventClient(exchange, this.#opening, this.#sources)
    this.#clients.add(client)
    client.tell()
    outgoing.on('drain', () => client.tell())
    outgoing.once('close', () => {
      this.#clients.delete(client)
      if (this.#clients.size === 0) this.#rest()
    })
  }

  /** Whether nobody listens. */
  get isIdle(): boolean {
    return this.#clients.size === 0
  }

  /** The configuration has been replaced. */
  reloaded(): void {
    for (const source of [this.#models, this.#ui, this.#profile]) source.touch()
    this.#gather()
  }

  #listen(): void {
    const { system, profiles, inflight, logs } = this.#watched
    const gather = () => this.#gather()
    this.#models.touch()
    this.#profile.touch()
    this.#leave = [
      system.attend({
        news: ({ type }) => {
          if (type === 'process.changed') this.#changed(this.#models)
        },
      }),
      profiles.onChange(() => this.#changed(this.#profile, this.#models)),
      inflight.watch(gather),
      logs.proxy.follow(gather),
      logs.upstream.follow(gather),
    ]
    this.#heartbeat = setInterval(() => {
      for (const client of this.#clients) client.keepAlive()
    }, heartbeatMs).unref()
  }

  #rest(): void {
    for (const leave of this.#leave) leave()
    clearInterval(this.#heartbeat)
    clearTimeout(this.#gathering)
    this.#gathering = undefined
  }

  #changed(...sources: readonly SnapshotSource[]): void {
    for (const source of sources) source.touch()
    this.#gather()
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      for (const client of this.#clients) client.tell()
    }, gatherMs).unref()
  }
}
