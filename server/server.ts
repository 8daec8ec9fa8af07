import type { Config, Model } from '../config/config.ts'
import { type Desk, RefusedError } from './desk.ts'
import type { Logs } from './logs/logs.ts'
import type { Names } from './names.ts'
import { type Forwarded, forward } from './proxy/forward.ts'
import type { Upstreams } from './proxy/upstream.ts'
import { type Diagnosis, explain } from './refusal.ts'
import type { System } from './system.ts'

/** What the routes work with. */
export interface Server {
  readonly config: Config
  readonly names: Names
  readonly desk: Desk
  readonly system: System
  readonly upstreams: Upstreams
  readonly logs: Logs
  readonly diagnosis: Diagnosis
  /** Unix seconds; what `/v1/models` calls `created`. */
  readonly startedAt: number
}

/**
 * Waits for the model, passes the request on and gives the lease back when nothing of the exchange is left.
 * @throws ApiError as long as no head was sent.
 */
export async function serve(server: Server, model: Model, request: Forwarded, signal: AbortSignal): Promise<void> {
  try {
    using _lease = await server.desk.acquire(model.id, signal)
    await forward(server.upstreams.of(model), request)
  } catch (error) {
    throw error instanceof RefusedError ? explain(error.model, error.refusal, server.diagnosis) : error
  }
}
