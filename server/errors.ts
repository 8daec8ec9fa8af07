import { closest, distance } from 'fastest-levenshtein'

/** An answer that is an error. Every one that hotseat itself makes is of this class (server §12). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Stable, for programs. */
  readonly code: string
  /** After how many whole seconds it is worth trying again. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.status = status
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export function unknownPath(method: string, path: string): ApiError {
  return new ApiError(
    404,
    'not_found',
    `There is no ${method} ${path} here. Reach a model's own paths at /upstream/MODEL/...`,
  )
}

export function wrongMethod(method: string, path: string, allow: string): ApiError {
  return new ApiError(405, 'method_not_allowed', `${path} does not answer ${method}, only ${allow}.`)
}

export function modelRequired(): ApiError {
  return new ApiError(
    404,
    'not_found',
    'The request names no model. Put "model" into its JSON body, its form or, for GET, its query; GET /v1/models lists them.',
  )
}

export function unknownModel(name: string, known: readonly string[]): ApiError {
  const near = known.length > 0 ? closest(name, known) : undefined
  const hint =
    near !== undefined && distance(name, near) <= Math.max(2, name.length / 3) ? ` Did you mean "${near}"?` : ''
  return new ApiError(404, 'not_found', `There is no model "${name}".${hint} GET /v1/models lists them.`)
}

export function invalidJson(cause: Error): ApiError {
  return new ApiError(400, 'invalid_json', `The body is not valid JSON: ${cause.message}.`, { cause })
}

export function invalidMultipart(cause: unknown): ApiError {
  return new ApiError(400, 'bad_request', 'The body is not the multipart form that its Content-Type announces.', {
    cause,
  })
}

export function bodyTooLarge(limit: number): ApiError {
  const mib = limit / 1024 / 1024
  return new ApiError(
    413,
    'body_too_large',
    `The body is larger than ${mib} MiB. Raise \`bodyLimit\` in the configuration.`,
  )
}

export function upstreamFailed(model: string, cause: Error): ApiError {
  const code = 'code' in cause ? String(cause.code) : ''
  if (/TIMEOUT|ETIMEDOUT/.test(code)) {
    return new ApiError(504, 'gateway_timeout', `Model "${model}" did not answer in time (${code}).`, { cause })
  }
  const what = code === 'ECONNREFUSED' ? 'refused the connection' : 'ended the connection without an answer'
  return new ApiError(
    502,
    'bad_gateway',
    `Model "${model}" ${what} (${code || cause.message}). Its log is at /logs/stream/${model}`,
    {
      cause,
    },
  )
}

export function internalError(cause: unknown): ApiError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new ApiError(500, 'internal_error', `hotseat failed: ${message}`, { cause })
}
