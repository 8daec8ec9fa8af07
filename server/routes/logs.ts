import { demandEverything, modelAt } from '../auth/rights.ts'
import { ApiError } from '../errors.ts'
import { type Exchange, redirect, sendText } from '../http/exchange.ts'
import type { Log } from '../logs/log.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'

const stream = {
  method: 'GET',
  subject: 'Logs',
  access: ['logs'],
  query: [{ name: 'no-history', required: false, summary: 'Whatever its value: only what comes from now on.' }],
  handle: streamLog,
} as const

export const logRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/logs',
    subject: 'Logs',
    access: ['logs'],
    summary: 'The last 100 KiB of the combined log. A browser is sent to the web page.',
    answer: { type: 'text', media: 'text/plain', summary: 'The text.' },
    handle: showLog,
  },
  {
    ...stream,
    path: '/logs/stream',
    summary: 'The combined log: its last 100 KiB, then live.',
    answer: { type: 'text', media: 'text/plain', summary: 'Text that goes on until the client leaves.' },
  },
  {
    ...stream,
    path: '/logs/stream/{log...}',
    summary:
      "One log, live: `proxy`, hotseat's own messages; `upstream`, the output of all models; or that of one model by its name.",
    answer: { type: 'text', media: 'text/plain', summary: 'Text that goes on until the client leaves.' },
  },
]

/** The combined history (server §20.4). */
function showLog({ logs }: Server, exchange: Exchange): void {
  const { incoming, caller } = exchange
  if (incoming.headers.accept?.includes('text/html')) redirect(exchange, 302, '/ui/')
  else {
    demandEverything(caller)
    sendText(exchange, logs.combined.history())
  }
}

/** History, then whatever comes (server §20.5). A slow reader loses what it does not take in time, and holds up nobody. */
function streamLog(server: Server, exchange: Exchange): void {
  const log = logAt(server, exchange)
  const isNew = new URLSearchParams(exchange.query).has('no-history')
  if (!server.streams.open(exchange, { 'Content-Type': 'text/plain; charset=utf-8' })) return
  pipe(log, isNew ? log.end : log.read(0).from, exchange)
}

/** So much is handed to a client at once: what a reader that never reads can hold. */
const mostBytes = 16 * 1024

function pipe(log: Log, from: number, { outgoing }: Exchange): void {
  let at = from
  const pump = () => {
    while (!outgoing.writableEnded && !outgoing.writableNeedDrain && at < log.end) {
      const piece = log.read(at, mostBytes)
      if (piece.from > at) outgoing.write(`— ${piece.from - at} bytes dropped —\n`)
      outgoing.write(piece.bytes)
      at = piece.from + piece.bytes.length
    }
  }
  pump()
  const leave = log.follow(pump)
  outgoing.on('drain', pump)
  outgoing.once('close', leave)
}

function logAt(server: Server, { path, argument, caller }: Exchange): Log {
  const { logs } = server
  const shared = sharedLog(logs, argument)
  if (shared) {
    demandEverything(caller)
    return shared
  }
  const named = modelAt(server, caller, argument)
  if (!named) throw new ApiError('bad_request', `There is no log at ${path}: give a model, "proxy" or "upstream".`)
  return logs.of(named.model.id)
}

/** A log in which all models are. */
function sharedLog({ combined, proxy, upstream }: Server['logs'], name: string): Log | undefined {
  switch (name) {
    case '':
      return combined
    case 'proxy':
      return proxy
    case 'upstream':
      return upstream
    default:
      return undefined
  }
}
