import { expect, test } from 'vitest'
import { describeConnectionFailure } from '../../server/connection-failure.ts'

function failure(code: string | undefined, message: string): Error {
  return Object.assign(new Error(message), code !== undefined && { code })
}

test.each([
  ['ECONNREFUSED', 'refused the connection (ECONNREFUSED).'],
  ['ENOTFOUND', 'cannot be found: its host has no address (ENOTFOUND).'],
  ['EAI_AGAIN', 'cannot be found: its host has no address (EAI_AGAIN).'],
  ['EHOSTUNREACH', 'cannot be reached: there is no way to its host (EHOSTUNREACH).'],
  ['CERT_HAS_EXPIRED', 'cannot be spoken to over TLS: why (CERT_HAS_EXPIRED).'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'cannot be spoken to over TLS: why (DEPTH_ZERO_SELF_SIGNED_CERT).'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'cannot be spoken to over TLS: why (ERR_TLS_CERT_ALTNAME_INVALID).'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'cannot be spoken to over TLS: why (ERR_SSL_WRONG_VERSION_NUMBER).'],
  ['ECONNRESET', 'ended the connection without an answer (ECONNRESET).'],
  [undefined, 'ended the connection without an answer (why).'],
])('%s is told in words, and as the system has it (server §10.5)', (code, words) => {
  expect(describeConnectionFailure(failure(code, 'why'), 'linux')).toBe(words)
})

test('on macOS a host that is out of reach may be one that hotseat is not let to', () => {
  expect(describeConnectionFailure(failure('EHOSTUNREACH', ''), 'darwin')).toContain('Local Network')
})
