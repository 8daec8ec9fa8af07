import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { http, loadHttps } from '../../process/builtins.ts'

/** The trace of a running server cannot be followed, or no longer. */
export class FollowError extends Error {
  override readonly name = 'FollowError'
}

/** So long after the last word from the other machine it is asked whether it is still there. */
const keepAliveMs = 30_000

/**
 * The lines of a running server's trace, from now on until the server ends. One that has nothing to tell is silent for as
 * long as it likes.
 * @param server its address, with a key of it as the password
 * @param signal ends it
 * @throws FollowError
 */
export async function* followTrace(server: URL, signal: AbortSignal): AsyncGenerator<string> {
  const url = new URL(`${server.pathname.replace(/\/+$/, '')}/api/trace/stream`, server)
  const response = await ask(url, signal)
  if (response.statusCode !== 200) throw new FollowError(`${server.origin} answers ${await refusalOf(response)}`)
  const type = response.headers['content-type'] ?? 'something unnamed'
  if (!type.startsWith('application/x-ndjson')) {
    response.destroy()
    throw new FollowError(`what answers at ${url.origin}${url.pathname} is no hotseat: it sends ${type}`)
  }
  let rest = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    throw new FollowError(`the connection to ${server.origin} broke off: ${reasonOf(cause)}`, { cause })
  }
}

/** Not `fetch`, which gives up after five minutes of silence, and on ports that browsers avoid. */
async function ask(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const client = url.protocol === 'https:' ? loadHttps() : http
  const request = client.get(url, { signal }, resolve).on('error', reject)
  request.on('socket', (socket) => socket.setKeepAlive(true, keepAliveMs))
  try {
    return await promise
  } catch (cause) {
    throw new FollowError(`nobody answers at ${url.origin}: ${reasonOf(cause)}`, { cause })
  }
}

/** A server of two addresses, such as localhost, fails with one error for each. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as AggregateError
  return message.trim() || (errors ?? []).map(reasonOf).join(', ')
}

/** `401: This address needs an API key. …`, as the server says it. */
async function refusalOf(response: IncomingMessage): Promise<string> {
  const { statusCode: status } = response
  const body = await text(response)
  const hint = status === 401 ? ' Here it goes into the URL: http://any:KEY@host.' : ''
  return `${status}: ${messageIn(body) ?? body.slice(0, 500)}${hint}`
}

function messageIn(body: string): string | undefined {
  try {
    return JSON.parse(body).error.message
  } catch {
    return undefined
  }
}
