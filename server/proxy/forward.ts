import type { IncomingMessage, ServerResponse } from 'node:http'
import { Client, type Dispatcher, errors } from 'undici'
import { ApiError, upstreamFailed } from '../errors.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import type { Upstream } from './upstream.ts'

/** A client's request, on its way to one model. */
export interface Forwarded {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Path and query at the upstream. */
  readonly path: string
  /** The body when it was read whole; null to stream it as it comes. */
  readonly body: Buffer | null
  /** Headers that do not leave, in lower case. */
  readonly withheld: readonly string[]
  /** Aborts when the client has left, or with the `ApiError` that is to be its answer. */
  readonly signal: AbortSignal
}

/**
 * Sends the request on and its answer back, byte for byte, each as it comes: neither a web `Response` nor a stream stands
 * between the two sockets. Settles when nothing of the exchange is left.
 *
 * - A slow client holds the upstream back; a client that leaves ends it.
 * - An upstream that dies before its head is an error; after it, the client's connection is cut, never ended as if complete.
 * - A kept-alive connection that the upstream closed just then is replaced once, if not a byte of an answer was seen.
 *
 * @throws ApiError 502 or 504 before the head.
 */
export async function forward(upstream: Upstream, request: Forwarded): Promise<void> {
  const first = await exchange(upstream.pool, upstream, request)
  if (!first) return
  request.signal.throwIfAborted()
  if (!isStaleConnection(first) || request.body === null) throw upstreamFailed(upstream.model, first)

  const fresh = new Client(upstream.origin, upstream.options)
  const second = await exchange(fresh, upstream, request)
  await fresh.close()
  if (!second) return
  request.signal.throwIfAborted()
  throw upstreamFailed(upstream.model, second)
}

/** One attempt. Resolves with the error that came before the head, if one did. */
function exchange(
  dispatcher: Dispatcher,
  { basePath }: Upstream,
  { incoming, outgoing, path, body, withheld, signal }: Forwarded,
): Promise<Error | undefined> {
  const { promise, resolve } = Promise.withResolvers<Error | undefined>()
  let upstream: Dispatcher.DispatchController | undefined
  let isEventStream = false

  const leave = () => upstream?.abort(signal.reason)
  const drain = () => upstream?.resume()
  const finish = (error?: Error) => {
    signal.removeEventListener('abort', leave)
    outgoing.off('drain', drain)
    resolve(error)
  }
  signal.addEventListener('abort', leave, { once: true })
  outgoing.on('drain', drain)

  const hasBody = body === null ? hasAnnouncedBody(incoming) : body.length > 0
  dispatcher.dispatch(
    {
      path: basePath + path,
      method: (incoming.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: requestHeaders(incoming, body === null ? null : body.length, withheld),
      body: hasBody ? (body ?? incoming) : null,
    },
    {
      onRequestStart(controller) {
        upstream = controller
        if (signal.aborted) leave()
      },
      onResponseStart(controller, status, _headers, statusText) {
        if (status < 200) return
        const raw = (controller.rawHeaders as readonly (Buffer | string)[]).map((part) => part.toString('latin1'))
        const head = responseHeaders(raw)
        isEventStream = head.isEventStream
        outgoing.writeHead(status, statusText, head.headers)
        if (!hasLength(head.headers)) outgoing.flushHeaders()
      },
      onResponseData(controller, chunk) {
        if (!outgoing.write(chunk)) controller.pause()
      },
      onResponseEnd(_controller, trailers) {
        if (Object.keys(trailers).length > 0) outgoing.addTrailers(trailers as Record<string, string>)
        outgoing.end()
        finish()
      },
      onResponseError(_controller, error) {
        if (outgoing.destroyed) finish()
        else if (outgoing.headersSent) {
          cut(outgoing, isEventStream, error)
          finish()
        } else finish(error)
      },
    },
  )
  return promise
}

/** Ends an answer so that the client sees the failure: an event stream says why, then the connection breaks. */
function cut(outgoing: ServerResponse, isEventStream: boolean, error: Error): void {
  if (!isEventStream) {
    outgoing.destroy()
    return
  }
  const message =
    error instanceof ApiError
      ? error.message
      : `The model's connection broke in the middle of its answer (${error.message}).`
  const event = {
    src: 'hotseat',
    error: {
      message,
      type: 'server_error',
      param: null,
      code: error instanceof ApiError ? error.code : 'upstream_broke',
    },
  }
  outgoing.write(`\n\ndata: ${JSON.stringify(event)}\n\n`, () => outgoing.destroy())
}

function hasAnnouncedBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function hasLength(headers: readonly string[]): boolean {
  return headers.some((part, index) => index % 2 === 0 && part.toLowerCase() === 'content-length')
}

/** The socket had answered before, so it was kept alive, and it closed without a byte for this request. */
function isStaleConnection(error: Error): boolean {
  return error instanceof errors.SocketError && (error.socket?.bytesRead ?? 0) > 0
}
