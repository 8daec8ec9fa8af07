import type { IncomingMessage } from 'node:http'
import type { ApiKey, Scope } from '../../config/api-keys.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { anyone, type Caller, callerWith } from './caller.ts'
import { credentialsIn } from './credentials.ts'
import { keyringOf } from './keyring.ts'

/**
 * Who calls, if they may call this route (server §5).
 * @throws ApiError 401 without a right key, 403 when the key's scopes do not reach
 */
export function authorise(keys: readonly ApiKey[], incoming: IncomingMessage, { access }: Route): Caller {
  if (keys.length === 0 || access === 'open') return anyone
  const keyring = keyringOf(keys)
  const credentials = credentialsIn(incoming.headers)
  const key = credentials[0] && keyring.find(credentials[0].secret)
  if (!key) throw unauthorized(incoming, credentials.length > 0)
  const withheld = credentials.filter(({ secret }) => keyring.find(secret)).map(({ header }) => header)
  const caller = callerWith(key, withheld)
  demandScope(caller, access)
  return caller
}

/**
 * Refuses a key that may do none of these.
 * @throws ApiError 403
 */
export function demandScope(caller: Caller, access: readonly Scope[]): void {
  if (caller.key && !access.some((scope) => caller.may(scope))) throw forbidden(caller.key, access)
}

function unauthorized({ headers }: IncomingMessage, hasCredential: boolean): ApiError {
  const what = hasCredential ? 'This API key is not one of the configured ones' : 'This address needs an API key'
  const how = 'Send `Authorization: Bearer KEY`, or `x-api-key: KEY`, with a key of `apiKeys`.'
  // The web page counts on the browser's dialog; a page of another site would pop it up in front of its own visitors (W46).
  const scheme = headers['sec-fetch-site'] === 'cross-site' ? 'Bearer' : 'Basic'
  return new ApiError('unauthorized', `${what}. ${how}`, {
    headers: { 'WWW-Authenticate': `${scheme} realm="hotseat"` },
  })
}

function forbidden({ name, allow }: ApiKey, needed: readonly string[]): ApiError {
  const whose = name === null ? 'This key' : `The key "${name}"`
  return new ApiError(
    'forbidden',
    `${whose} is allowed ${allow.join(', ')}, and this needs ${needed.join(' or ')}: see \`allow\` of its entry in \`apiKeys\`.`,
  )
}
