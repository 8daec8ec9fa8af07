import { demandEverything } from '../auth/rights.ts'
import { ApiError, unknownPath } from '../errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { demandNear, demandOwnPage } from '../inspect/access.ts'
import { type File, readAsset, readPage } from '../inspect/files.ts'
import { mostViewers } from '../inspect/inspector.ts'
import { Viewer } from '../inspect/viewer.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'
import { redirectRoute } from './redirect.ts'

const inspect = { method: 'GET', subject: 'Watching', access: ['ui'] } as const
const page = { type: 'text', media: 'text/html', summary: 'The page.' } as const

/** What `--inspect` opens. */
export const inspectRoutes: readonly Route[] = [
  {
    ...inspect,
    path: '/inspect',
    summary:
      'The state machines, live and in the past, as charts. With `--inspect`; without keys, to this machine only.',
    answer: page,
    handle: (server, exchange) => showPage(server, exchange, 'index'),
  },
  redirectRoute('/inspect/', 307, '/inspect', inspect.subject, 'To the inspector.'),
  {
    ...inspect,
    path: '/inspect/stately',
    summary: "The same in Stately's inspector, which the browser loads.",
    answer: page,
    handle: (server, exchange) => showPage(server, exchange, 'stately'),
  },
  {
    ...inspect,
    path: '/inspect/events',
    summary: "Who is there, and then what happens, in the words of Stately's inspector. For these pages only.",
    answer: {
      type: 'text',
      media: 'text/event-stream',
      summary: 'Events named `message`, each a frame of the protocol; `begin` and `skipped` with a number.',
    },
    handle: streamInspection,
  },
  {
    ...inspect,
    path: '/inspect/files/{file...}',
    summary: 'What the pages are made of.',
    answer: { type: 'text', media: 'text/javascript', summary: 'A module or a style sheet.' },
    handle: showAsset,
  },
]

function showPage(server: Server, exchange: Exchange, name: 'index' | 'stately'): void {
  demandInspector(server, exchange)
  const { policy, ...file } = readPage(name)
  sendFile(exchange, file, { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' })
}

function showAsset(server: Server, exchange: Exchange): void {
  demandInspector(server, exchange)
  const file = readAsset(exchange.argument)
  if (!file) throw unknownPath('GET', exchange.path)
  sendFile(exchange, file)
}

function streamInspection(server: Server, exchange: Exchange): void {
  const { incoming, outgoing } = exchange
  const inspector = demandInspector(server, exchange)
  demandOwnPage(incoming)
  if (inspector.isFull) {
    throw new ApiError('too_many_viewers', `${mostViewers} pages watch already: close one of them.`)
  }
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }
  if (server.streams.open(exchange, headers)) outgoing.once('close', inspector.show(new Viewer(outgoing)))
}

/** @throws ApiError when hotseat was started without it, or this caller may not use it */
function demandInspector({ inspector }: Server, { incoming, caller }: Exchange) {
  if (!inspector) throw new ApiError('not_found', 'The inspector is off: start hotseat with --inspect.')
  if (caller.key === null) demandNear(incoming)
  else demandEverything(caller)
  return inspector
}

function sendFile({ incoming, outgoing }: Exchange, { type, text }: File, headers: Record<string, string> = {}): void {
  outgoing.writeHead(200, {
    ...headers,
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : text)
}
