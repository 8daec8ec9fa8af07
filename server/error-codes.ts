/** Every error that hotseat itself makes: a stable code, its status, and when it comes (server §12). */
export const errorCodes = {
  bad_request: [400, 'The request cannot be understood: a parameter, a form or a path is not what it should be.'],
  invalid_json: [400, 'The body is not valid JSON; the message says at which byte.'],
  unauthorized: [401, 'The configuration has `apiKeys`, and the request brings none of them.'],
  forbidden: [403, 'The key may not do this, or a page of another site tried to change something.'],
  not_found: [404, 'There is no such path, model, profile or request, or the key may not see it.'],
  removed: [404, 'The model was taken out of the configuration while the request waited for it.'],
  method_not_allowed: [405, 'The path exists; `Allow` says for which methods.'],
  request_timeout: [408, 'The head of the request did not come to its end in time.'],
  conflict: [409, 'It can only be done with a model that is ready.'],
  body_too_large: [413, 'The body is larger than `bodyLimit`.'],
  headers_too_large: [431, 'The head of the request is too large.'],
  concurrency_limit: [
    429,
    'The model has as many requests as its `concurrencyLimit` admits. Comes with `Retry-After`.',
  ],
  internal_error: [500, 'A fault in hotseat.'],
  bad_gateway: [502, 'The model, or the peer, cannot be reached or broke off before its answer began.'],
  upstream_broke: [502, 'The model broke off in the middle of its answer. Told as the last event of a stream.'],
  cancelled: [503, 'The request was cancelled through `POST /api/inflight/ID/cancel`.'],
  model_failed: [503, 'The model does not start; the message says why. Comes with `Retry-After`.'],
  service_unavailable: [503, 'Nothing that the selector could choose can be used now. Comes with `Retry-After`.'],
  shutting_down: [503, 'hotseat is shutting down.'],
  stop_failed: [503, 'A process does not end even after SIGKILL, so its place is still taken.'],
  too_many_viewers: [503, 'As many pages watch the inspector as may.'],
  unloaded: [503, 'The model was unloaded while the request waited for it.'],
  gateway_timeout: [504, 'The model, or the peer, did not answer within its `timeouts`.'],
} as const satisfies Record<string, readonly [status: number, meaning: string]>

export type ErrorCode = keyof typeof errorCodes
