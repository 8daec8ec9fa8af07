import type { Model } from '../config/config.ts'
import type { RequestId } from '../machines/ids.ts'
import { recordOf } from '../machines/policy/ledger.ts'
import { type Body, settled } from './body/body.ts'
import { type Lease, RefusedError } from './desk.ts'
import type { Destination } from './destination/destination.ts'
import { errorObject } from './envelope.ts'
import { ApiError, internalError, notReady } from './errors.ts'
import { isWebSocket } from './http/upgrade.ts'
import type { Tracked } from './inflight/inflight.ts'
import type { LoadingDialect } from './loading/dialect.ts'
import { progressOf } from './loading/progress.ts'
import { Teller } from './loading/teller.ts'
import { type Forwarded, forward } from './proxy/forward.ts'
import { tunnel } from './proxy/tunnel.ts'
import type { Upstream } from './proxy/upstream.ts'
import { explain } from './refusal.ts'
import type { Server } from './server.ts'

/** A process whose port refuses is most likely dying: its exit is known after this long at most. */
const deathMs = 1_000
/** One that ends so soon after a request was sent to it was dying before: no model computes that fast. */
const suddenMs = 100

export interface Serving {
  /** Its entry among the requests under way, if it has one. */
  readonly tracked: Tracked | null
  /** How the client is told of progress while it waits; null when it is not. */
  readonly dialect: LoadingDialect | null
}

/**
 * Waits for the model, passes the request on and gives the lease back when nothing of the exchange is left. A request that
 * was granted in the very moment in which the process died waits for the next life, once.
 * @throws ApiError as long as no head was sent
 */
export async function serve(
  server: Server,
  model: Model,
  request: Forwarded,
  { tracked, dialect }: Serving,
): Promise<void> {
  if (isUncounted(model, request)) return passUncounted(server, model, request)
  const { departure } = request
  let teller = null as Teller | null
  const askedAt = server.now()
  try {
    for (let attempt = 1; ; attempt++) {
      const granted = await acquire(server, model, departure, tracked, (id) => {
        if (dialect) teller ??= new Teller(request, model.id, dialect, () => progressOf(server, id))
      })
      const grantedAt = server.now()
      const body = settled(request.body)
      try {
        using _lease = granted
        const upstream = server.upstreams.of(granted.model)
        if (!teller) return await pass(upstream, { ...request, body, fields: waits(server, granted, askedAt) })
        teller.ready()
        return await pass(upstream, { ...request, body, ...teller.reading(request) })
      } catch (error) {
        const isLost = attempt === 1 && cameTooLate(error, body, server.now() - grantedAt)
        if (isLost && (await server.hasEnded(granted.life, deathMs))) continue
        throw error
      }
    }
  } catch (error) {
    if (!teller) throw error
    teller.fail(errorObject(error instanceof ApiError ? error : internalError(error), request.path))
  }
}

/** Whether it is a WebSocket that neither loads the model nor counts as a request to it (server §14.2). */
export function isUncounted(
  { ignoreWebsockets }: Model,
  { incoming, outgoing }: Pick<Forwarded, 'incoming' | 'outgoing'>,
): boolean {
  return ignoreWebsockets && outgoing.upgrade !== null && isWebSocket(incoming)
}

/** It ends with the process. */
async function passUncounted(server: Server, model: Model, request: Forwarded): Promise<void> {
  if (!isLoaded(server, model)) throw notReady(model.id)
  await tunnel(server.upstreams.of(model), request)
}

/**
 * Passes the request on to a peer, whose models are neither loaded nor limited here.
 * @throws ApiError as long as no head was sent
 */
export async function servePeer(
  server: Server,
  { peer, model }: Extract<Destination, { type: 'peer' }>,
  request: Forwarded,
): Promise<void> {
  using _count = server.peerLoad.enter(`${peer.id}/${model}`, request.departure)
  await pass(server.upstreams.ofPeer(peer), request)
}

function pass(upstream: Upstream, request: Forwarded): Promise<void> {
  return request.outgoing.upgrade ? tunnel(upstream, request) : forward(upstream, request)
}

/** Whether the model may be asked what never loads it. */
export function isLoaded({ system }: Server, { id }: Model): boolean {
  return recordOf(system.ledger(), id)?.presence.state === 'ready'
}

/**
 * Waits for the model, which is loaded if need be.
 * @param waits called when it does not come at once
 * @throws ApiError when the scheduler says no, and the signal's reason when it aborts first
 */
export function acquire(
  server: Server,
  model: Model,
  departure: { readonly signal: AbortSignal },
  tracked: Tracked | null = null,
  waits?: (request: RequestId) => void,
): Promise<Lease> {
  const { request, lease } = server.desk.acquire(model.id, departure, waits)
  if (tracked) tracked.request = request
  return lease.catch((error: unknown) => {
    throw error instanceof RefusedError ? explain(error.model, error.refusal, server.diagnosis) : error
  })
}

/** How long the request waited for others, and how long for its model to load. */
function waits({ loads, now }: Server, { life }: Lease, askedAt: number): readonly string[] {
  const { queueMs, loadMs } = loads.waitOf(life.model, askedAt, now())
  return ['X-Hotseat-Queue-Ms', String(queueMs), 'X-Hotseat-Load-Ms', String(loadMs)]
}

/** Nobody listened, or whoever did was about to end: nothing of an answer has come, and the request can be sent again. */
function cameTooLate(error: unknown, body: Body, afterMs: number): boolean {
  if (!(error instanceof ApiError) || error.code !== 'bad_gateway') return false
  const isRefused = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
  switch (body.type) {
    case 'none':
      return isRefused
    case 'whole':
      return isRefused || afterMs < suddenMs
    case 'streamed':
      return isRefused && body.upload.isIntact
  }
}
