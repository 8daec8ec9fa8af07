import { ApiError } from '../errors.ts'
import { type Handler, sendText } from '../exchange.ts'
import type { Log } from '../logs/log.ts'
import type { Server } from '../server.ts'

const prefix = '/logs/stream'

/** `GET /logs`: the combined history (server §20.4). */
export function showLogs({ logs }: Server): Handler {
  return (exchange) => sendText(exchange, logs.combined.history())
}

/**
 * `GET /logs/stream[/ID]`: history, then whatever comes (server §20.5). The head goes out at once (W26), and between
 * history and continuation nothing is lost or said twice (W27): both are taken in one step. A slow reader loses what it does
 * not take, and never holds up a process.
 */
export function streamLogs(server: Server): Handler {
  return ({ path, query, outgoing, signal }) => {
    const log = logAt(server, path.slice(prefix.length))
    outgoing.writeHead(200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'X-Accel-Buffering': 'no',
    })
    outgoing.flushHeaders()
    if (!new URLSearchParams(query).has('no-history')) outgoing.write(log.history())

    let dropped = 0
    const unsubscribe = log.subscribe((chunk) => {
      if (outgoing.writableNeedDrain) dropped += chunk.length
      else outgoing.write(chunk)
    })
    outgoing.on('drain', () => {
      if (dropped > 0) outgoing.write(`— ${dropped} bytes dropped —\n`)
      dropped = 0
    })
    signal.addEventListener('abort', unsubscribe, { once: true })
  }
}

function logAt({ logs, names }: Server, rest: string): Log {
  switch (rest) {
    case '':
    case '/':
      return logs.combined
    case '/proxy':
      return logs.proxy
    case '/upstream':
      return logs.upstream
  }
  const named = names.resolvePath(rest)
  if (!named)
    throw new ApiError(400, 'bad_request', `There is no log at ${prefix}${rest}: give a model, "proxy" or "upstream".`)
  return logs.of(named.model.id)
}
