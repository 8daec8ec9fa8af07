import { closest, distance } from 'fastest-levenshtein'
import { describeConnectionFailure } from './connection-failure.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'

interface Circumstances {
  readonly cause?: unknown
  /** After how many whole seconds it is worth trying again. */
  readonly retryAfterSeconds?: number
  /** More headers for the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that is an error. Every one that hotseat itself makes is of this class (server §12). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Stable, for programs. */
  readonly code: ErrorCode
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, message: string, { cause, retryAfterSeconds, headers = {} }: Circumstances = {}) {
    super(message, { cause })
    this.code = code
    this.status = errorCodes[code][0]
    this.headers = retryAfterSeconds === undefined ? headers : { ...headers, 'Retry-After': String(retryAfterSeconds) }
  }
}

export function unknownPath(method: string, path: string): ApiError {
  return new ApiError(
    'not_found',
    `There is no ${method} ${path} here. Reach a model's own paths at /upstream/MODEL/...`,
  )
}

export function wrongMethod(method: string, path: string, allow: string): ApiError {
  return new ApiError('method_not_allowed', `${path} does not answer ${method}, only ${allow}.`, {
    headers: { Allow: allow },
  })
}

export function foreignPage(path: string): ApiError {
  return new ApiError(
    'forbidden',
    `A page of another site may not call ${path}. If it shall, list its origin in \`cors.allowOrigins\`.`,
  )
}

export function modelRequired(): ApiError {
  return new ApiError(
    'not_found',
    'The request names no model. Put "model" into its JSON body, its form or, for GET, its query; GET /v1/models lists them.',
  )
}

/** Longer names are no typing mistake: they are not compared, and shown cut. */
const longestName = 200

/** There is no model of this name, or none for this caller. */
export class UnknownModelError extends ApiError {}

/** `known` are the names that the caller may hear of. */
export function unknownModel(name: string, known: readonly string[]): UnknownModelError {
  const isLong = name.length > longestName
  const shown = isLong ? `${name.slice(0, longestName)}…` : name
  const near = isLong || known.length === 0 ? undefined : closest(name, known)
  const hint =
    near !== undefined && distance(name, near) <= Math.max(2, name.length / 3) ? ` Did you mean "${near}"?` : ''
  return new UnknownModelError('not_found', `There is no model "${shown}".${hint} GET /v1/models lists them.`)
}

export function invalidJson(cause: Error): ApiError {
  return new ApiError('invalid_json', `The body is not valid JSON: ${cause.message}.`, { cause })
}

export function bodyNotObject(): ApiError {
  return new ApiError('invalid_json', 'The body must be a JSON object: this model has parameters that are set in it.')
}

export function invalidMultipart(cause: unknown): ApiError {
  return new ApiError('bad_request', 'The body is not the multipart form that its Content-Type announces.', {
    cause,
  })
}

export function bodyTooLarge(limit: number): ApiError {
  const mib = limit / 1024 / 1024
  return new ApiError('body_too_large', `The body is larger than ${mib} MiB. Raise \`bodyLimit\` in the configuration.`)
}

/** `label` is how the upstream is called in a sentence, and `hint` where to look. */
export function upstreamFailed({ label, hint }: { label: string; hint: string }, cause: Error): ApiError {
  const code = 'code' in cause ? String(cause.code) : ''
  if (/TIMEOUT|ETIMEDOUT/.test(code)) {
    return new ApiError('gateway_timeout', `${label} did not answer in time (${code}).`, { cause })
  }
  if (code === 'EBADRESPONSE') {
    return new ApiError('bad_gateway', `${label} sent an answer that is not sound HTTP/1.1: ${cause.message}.`, {
      cause,
    })
  }
  return new ApiError('bad_gateway', `${label} ${describeConnectionFailure(cause)} ${hint}`, { cause })
}

/** The head of the answer is sent: it can only be told in a stream of events. */
export function upstreamBroke(cause: Error): ApiError {
  const message = `The model's connection broke in the middle of its answer (${cause.message}).`
  return new ApiError('upstream_broke', message, { cause })
}

export function noTarget(selector: string): ApiError {
  return new ApiError(
    'service_unavailable',
    `Every target of the selector "${selector}" is being stopped. Send the request again in a moment.`,
    { retryAfterSeconds: 1 },
  )
}

export function allDown(selector: string): ApiError {
  return new ApiError(
    'service_unavailable',
    `Every target of the selector "${selector}" has failed several times in a row and is left alone for a while.`,
    { retryAfterSeconds: 5 },
  )
}

export function notReady(model: string): ApiError {
  return new ApiError('conflict', `Model "${model}" is not loaded, and this request is not one that loads it.`)
}

export function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'hotseat is shutting down.')
}

export function cancelled(): ApiError {
  return new ApiError('cancelled', 'This request was cancelled, by POST /api/inflight/ID/cancel or on the web page.')
}

export function internalError(cause: unknown): ApiError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new ApiError('internal_error', `hotseat failed: ${message}`, { cause })
}
