/** Bytes that are not an HTTP/1.1 answer, or that could be read in two ways: nothing of them is passed on. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code = 'EBADRESPONSE'
}

/** The upstream took longer than its `timeouts` allow. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  readonly code = 'ETIMEDOUT'
}

/** A proxy on the way to the upstream does not let through. */
export class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError'
  readonly code = 'EPROXYREFUSED'
}

/** The upstream closed its connection in the middle of an answer, or before one. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError'
  readonly code = 'ECONNRESET'

  constructor() {
    super('the connection was closed')
  }
}
