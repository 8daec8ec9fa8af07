import type { Config, Model } from '../config/config.ts'
import type { Life } from '../machines/child.ts'
import { type Desk, type Lease, RefusedError } from './desk.ts'
import { ApiError } from './errors.ts'
import type { Feed } from './events/feed.ts'
import type { Streams } from './http/streams.ts'
import type { Inflight, Tracked } from './inflight/inflight.ts'
import type { Logs } from './logs/logs.ts'
import type { Names } from './names.ts'
import type { Profiles } from './profiles.ts'
import type { Loads } from './progress/loads.ts'
import type { Watchdog } from './progress/watchdog.ts'
import { type Forwarded, forward } from './proxy/forward.ts'
import type { Upstreams } from './proxy/upstream.ts'
import { type Diagnosis, explain } from './refusal.ts'
import type { Reloader } from './reload/reloader.ts'
import type { System } from './system.ts'

/** What the routes work with. A reload replaces `config` and `names` while requests are under way: look at them anew each time. */
export interface Server {
  readonly config: Config
  readonly names: Names
  readonly desk: Desk
  readonly system: System
  readonly upstreams: Upstreams
  readonly logs: Logs
  readonly diagnosis: Diagnosis
  readonly reloader: Reloader
  /** Which profile is active. */
  readonly profiles: Profiles
  /** The requests to models that are under way. */
  readonly inflight: Inflight
  /** The answers that go on until the client leaves or the server ends. */
  readonly streams: Streams
  readonly feed: Feed
  readonly loads: Loads
  readonly watchdog: Watchdog
  /** Milliseconds since the epoch on the clock of the actor system. */
  now(): number
  /** Whether a process is gone within so many milliseconds. */
  hasEnded(life: Life, withinMs: number): Promise<boolean>
}

/** A process whose port refuses is most likely dying: its exit is known after this long at most. */
const deathMs = 1_000

/**
 * Waits for the model, passes the request on and gives the lease back when nothing of the exchange is left. A request that
 * was granted in the very moment in which the process died, and has not reached it, waits for the next life.
 * @param tracked its entry among the requests under way, if it has one
 * @throws ApiError as long as no head was sent.
 */
export async function serve(server: Server, model: Model, request: Forwarded, tracked: Tracked | null): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const granted = await acquire(server, model, request.departure, tracked)
    try {
      using _lease = granted
      return await forward(server.upstreams.of(granted.model), request)
    } catch (error) {
      const isLost = attempt === 1 && isUnreached(error) && (await server.hasEnded(granted.life, deathMs))
      if (!isLost) throw error
    }
  }
}

/**
 * Waits for the model, which is loaded if need be.
 * @throws ApiError when the scheduler says no, and the signal's reason when it aborts first
 */
export async function acquire(
  server: Server,
  model: Model,
  departure: { readonly signal: AbortSignal },
  tracked: Tracked | null = null,
): Promise<Lease> {
  try {
    const { request, lease } = server.desk.acquire(model.id, departure)
    if (tracked) tracked.request = request
    return await lease
  } catch (error) {
    throw error instanceof RefusedError ? explain(error.model, error.refusal, server.diagnosis) : error
  }
}

/** Nobody listened: not a byte of the request has left, so it may be sent again. */
function isUnreached(error: unknown): boolean {
  return error instanceof ApiError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
}
