import type { Streamed, Whole } from './body/body.ts'
import { isFiltered, type Rewriting, readdress, rewrite } from './body/filter.ts'
import { type Content, type Naming, readNaming } from './body/naming.ts'
import { type Destination, type Destinations, destinationsOf } from './destination/destination.ts'
import { isDeclined } from './destination/failover.ts'
import { modelRequired, UnknownModelError } from './errors.ts'
import type { Exchange } from './http/exchange.ts'
import type { Tracked } from './inflight/inflight.ts'
import { track } from './inflight/track.ts'
import { dialectFor, hasDialect } from './loading/dialects.ts'
import type { Forwarded } from './proxy/forward.ts'
import { serve, servePeer } from './serve.ts'
import type { Server } from './server.ts'

/** A request that names its model. */
export interface Inference {
  readonly content: Content<Whole | Streamed>
  /** As it was received: what those who watch are told. */
  readonly path: string
  readonly upstreamPath: string
  /** Gets the answer instead of the client, to which it is passed on as it is otherwise. */
  readonly receive?: Forwarded['receive']
}

/**
 * Passes a request on to whom its model means: a profile and a selector may change the name, filters the body, and with a
 * `failover` selector it may be asked of several.
 * @throws ApiError as long as nothing of an answer was passed on
 */
export async function inferContent(
  server: Server,
  exchange: Exchange,
  inference: Inference & { readonly content: Content<Whole> },
): Promise<void> {
  const naming = readNaming(inference.content)
  await infer(server, exchange, inference, naming, meant(server, exchange, inference.path, naming))
}

/**
 * What the named model means. A name that means nothing is shown to those who watch as any other, though only as it goes by
 * (server §22.1).
 * @throws ApiError 404 or 503
 */
export function meant(server: Server, exchange: Exchange, path: string, { model: name }: Naming): Destinations {
  if (name === undefined) throw modelRequired()
  try {
    return destinationsOf(server, exchange.caller, name)
  } catch (error) {
    if (error instanceof UnknownModelError) track(server, exchange, { type: 'unknown', name }, path)?.[Symbol.dispose]()
    throw error
  }
}

/** @throws ApiError as long as nothing of an answer was passed on */
export async function infer(
  server: Server,
  exchange: Exchange,
  inference: Inference,
  naming: Naming,
  { selector, each }: Destinations,
): Promise<void> {
  const [first] = each
  using tracked = track(server, exchange, first, inference.path)
  if (selector !== null) tracked?.metadata.set('selector', selector)

  const attempt = (destination: Destination, isLast: boolean) => {
    const request = requestFor(exchange, inference, naming, destination, isLast)
    return send(server, inference, naming, destination, request, tracked)
  }
  if (selector === null || each.length === 1) await attempt(first, true)
  else await server.breakers.firstThatAnswers(selector, each, attempt)
}

/**
 * Whether the request can be on its way while its body is still coming: it is sent once, and nothing of it is changed but the
 * name, which has come.
 */
export function canStream({ each: [first, ...others] }: Destinations, naming: Naming): boolean {
  return others.length === 0 && !isFiltered(naming, rewritingFor(first, naming))
}

/** Whether it must be known how the answer is wanted before its model is waited for. */
export function isTold({ each: [first] }: Destinations, upstreamPath: string): boolean {
  return first.type === 'model' && first.model.sendLoadingState && hasDialect(upstreamPath)
}

/** The request as its destination is to read it. */
function requestFor(
  { incoming, outgoing, caller, departure }: Exchange,
  { content, upstreamPath, receive }: Inference,
  naming: Naming,
  destination: Destination,
  isLast: boolean,
): Forwarded {
  const rewriting = rewritingFor(destination, naming)
  const { body, query } = isWhole(content) ? rewrite(content, naming, rewriting) : readdress(content, naming, rewriting)
  return {
    incoming,
    outgoing,
    path: query === '' ? upstreamPath : `${upstreamPath}?${query}`,
    body,
    // What is translated must be readable.
    withheld: receive ? [...caller.withheld, 'accept-encoding'] : caller.withheld,
    departure,
    receive,
    declines: isLast ? undefined : isDeclined,
  }
}

function isWhole(content: Inference['content']): content is Content<Whole> {
  return content.body.type === 'whole'
}

/** Parameters of a query or a form reach a local model as they were sent, but for a name that a profile or selector chose (server §8.6). */
function rewritingFor(destination: Destination, { medium }: Naming): Rewriting {
  const { name } = destination
  if (destination.type === 'peer') return { model: destination.model, filters: destination.peer.filters, name }
  const { useModelName, filters } = destination.model
  const isRenamed = useModelName !== null && (medium === 'json' || medium === 'multipart')
  return { model: isRenamed ? useModelName : name, filters, name }
}

async function send(
  server: Server,
  { upstreamPath, receive }: Inference,
  { stream }: Naming,
  destination: Destination,
  request: Forwarded,
  tracked: Tracked | null,
): Promise<void> {
  if (destination.type === 'peer') return servePeer(server, destination, request)
  const { model } = destination
  // Who may yet be asked another is told nothing: what has been told of cannot be taken back.
  const tells = model.sendLoadingState && stream && receive === undefined && request.declines === undefined
  const dialect = tells ? dialectFor(upstreamPath, model.id, server.now()) : null
  await serve(server, model, request, { tracked, dialect })
}
