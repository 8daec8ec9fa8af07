import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { fileURLToPath } from 'node:url'
import { readTls, type Tls } from '../../server/tls.ts'

const certificate = fileURLToPath(new URL('../fixtures/localhost.pem', import.meta.url))

/** A certificate for localhost and 127.0.0.1, and its key. */
export function testTls(): Tls {
  return readTls(certificate, certificate)!
}

/** A connection that speaks HTTP/2. */
export async function connectHttp2(url: string): Promise<ClientHttp2Session & AsyncDisposable> {
  const session = connect(url, { ca: testTls().cert, maxSessionMemory: 100 })
  session.on('error', () => {})
  await once(session, 'connect')
  return session as ClientHttp2Session & AsyncDisposable
}

export interface Http2Answer {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly trailers: IncomingHttpHeaders | undefined
}

/** One exchange, to its end. @throws what its stream ends with */
export async function exchange(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Answer> {
  return receive(session.request(headers, { endStream: body === undefined }).end(body))
}

export async function receive(stream: ClientHttp2Stream): Promise<Http2Answer> {
  // Told to whoever waits for it, of whom there may be none any more.
  stream.on('error', () => {})
  let trailers: IncomingHttpHeaders | undefined
  stream.once('trailers', (fields) => {
    trailers = fields
  })
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  let body = ''
  stream.setEncoding('utf8')
  for await (const piece of stream) body += piece
  return { headers, body, trailers }
}
