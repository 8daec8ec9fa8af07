/** Why a stream is reset (RFC 9113 §7). */
export const resetCodes = { noError: 0, protocolError: 1, internalError: 2 } as const
