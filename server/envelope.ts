import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError, internalError } from './errors.ts'
import { readTarget } from './http/target.ts'

/** `error.type` as OpenAI's clients know it, by status (server §12.1). */
const openaiTypes = new Map([
  [401, 'authentication_error'],
  [403, 'authentication_error'],
  [429, 'rate_limit_error'],
])

/** `error.type` as Anthropic's clients know it; their paths get `"type": "error"` beside it, which makes the body fit both. */
const anthropicTypes = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
])

/** The paths of Ollama, whose clients take an error for a text: also those that are not served here. */
const ollamaPaths = /^\/api\/(?:(?:chat|generate|embed|embeddings|show|tags|ps|pull|push|create|copy|delete)$|blobs\/)/

const anthropicPaths = /^(?:\/upstream\/.+)?\/v1?\/messages(?:[/?]|$)/

/** The JSON form of an error (server §12.1, W15). */
export function envelope(error: ApiError, path: string): object {
  if (ollamaPaths.test(path)) return { src: 'hotseat', error: error.message, code: error.code }
  const isAnthropic = anthropicPaths.test(path)
  return { src: 'hotseat', ...(isAnthropic && { type: 'error' }), error: errorObject(error, path) }
}

/** The error itself, as the clients of the path know it. */
export function errorObject({ status, message, code }: ApiError, path: string): object {
  const types = anthropicPaths.test(path) ? anthropicTypes : openaiTypes
  const other = status < 500 ? 'invalid_request_error' : types === anthropicTypes ? 'api_error' : 'server_error'
  return { message, type: types.get(status) ?? other, param: null, code }
}

/** The last event of a stream that breaks off (W13). Anthropic's clients look for an error by the name of its event. */
export function errorEvent(error: ApiError, path: string): string {
  const name = anthropicPaths.test(path) ? 'event: error\n' : ''
  return `${name}data: ${JSON.stringify(envelope(error, path))}\n\n`
}

/** The one place that answers with an error: in the form that `Accept` asks for, or by cutting an answer that has begun. */
export function sendError(incoming: IncomingMessage, outgoing: ServerResponse, cause: unknown): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  const error = cause instanceof ApiError ? cause : internalError(cause)
  const [type, body] = render(error, incoming)
  outgoing.statusCode = error.status
  outgoing.setHeader('content-type', type)
  outgoing.setHeader('x-content-type-options', 'nosniff')
  outgoing.setHeader('content-length', Buffer.byteLength(body))
  for (const [name, value] of Object.entries(error.headers)) outgoing.setHeader(name, value)
  // What is left of a body that nobody reads is not worth reading: the connection ends with the answer.
  if (!incoming.complete && !incoming.readableFlowing) outgoing.setHeader('connection', 'close')
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}

function render(error: ApiError, incoming: IncomingMessage): [type: string, body: string] {
  const accept = incoming.headers.accept ?? ''
  const json = error.code === 'concurrency_limit'
  if (!json && accept.includes('text/plain')) return ['text/plain; charset=utf-8', `hotseat: ${error.message}\n`]
  if (!json && accept.includes('text/html')) {
    const text = error.message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    const title = `hotseat: ${error.status}`
    return [
      'text/html; charset=utf-8',
      `<!doctype html><title>${title}</title><h1>${error.status}</h1><pre>${text}</pre>\n`,
    ]
  }
  const { path } = readTarget(incoming.url ?? '/')
  return ['application/json', JSON.stringify(envelope(error, path))]
}
