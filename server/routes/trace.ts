import { setImmediate as turn } from 'node:timers/promises'
import { demandEverything } from '../auth/rights.ts'
import { ApiError } from '../errors.ts'
import type { Answer } from '../http/answer.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'
import { Feed, textOf } from '../trace/feed.ts'

const trace = {
  method: 'GET',
  subject: 'Watching',
  access: ['logs', 'ui'],
} as const

const lines = { type: 'text', media: 'application/x-ndjson' } as const

export const traceRoutes: readonly Route[] = [
  {
    ...trace,
    path: '/api/trace',
    summary:
      'The last 10,000 events, decisions and answers of the scheduler, which `hotseat replay` lets happen again.',
    query: [{ name: 'last', required: false, summary: 'Only so many lines: to be looked at, not replayed.' }],
    answer: { ...lines, summary: 'One JSON object per line.' },
    handle: showTrace,
  },
  {
    ...trace,
    path: '/api/trace/stream',
    summary: 'The same from now on, live; it can be replayed as well.',
    answer: { ...lines, summary: 'One JSON object per line, until the client leaves.' },
    handle: streamTrace,
  },
]

const headers = {
  'Content-Type': 'application/x-ndjson; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'X-Accel-Buffering': 'no',
}

async function showTrace(
  { flight }: Server,
  { incoming, outgoing, query, caller, departure }: Exchange,
): Promise<void> {
  const { signal } = departure
  demandEverything(caller)
  const count = new URLSearchParams(query).get('last')
  if (count !== null && !/^\d{1,9}$/.test(count)) {
    throw new ApiError('bad_request', `\`last\` is a number of lines, and this is "${count}".`)
  }
  outgoing.writeHead(200, headers)
  if (incoming.method === 'HEAD') return void outgoing.end()
  for (const batch of count === null ? flight.history() : [flight.last(Number(count))]) {
    if (signal.aborted) return
    await write(outgoing, textOf(batch), signal)
    await turn()
  }
  outgoing.end()
}

/** Goes on until the client leaves or everything is over: the end of hotseat is worth following too. */
async function streamTrace({ flight }: Server, { incoming, outgoing, caller, departure }: Exchange): Promise<void> {
  const { signal } = departure
  demandEverything(caller)
  outgoing.writeHead(200, headers)
  if (incoming.method === 'HEAD') return void outgoing.end()
  outgoing.flushHeaders()
  const feed = new Feed()
  signal.addEventListener('abort', flight.follow(feed), { once: true })
  for await (const batch of feed.batches()) {
    if (signal.aborted) return
    await write(outgoing, textOf(batch), signal)
  }
  outgoing.end()
}

/** Resolves when the reader has room for more, or has left. */
async function write(outgoing: Answer, text: string, signal: AbortSignal): Promise<void> {
  if (outgoing.write(text) || signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  outgoing.once('drain', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  outgoing.off('drain', resolve)
}
