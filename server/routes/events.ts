import * as v from 'valibot'
import { ApiError } from '../errors.ts'
import { sendJson } from '../http/exchange.ts'
import type { Route } from '../route.ts'

export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/events',
    subject: 'Watching',
    access: ['ui'],
    summary:
      'What happens, live: `modelStatus`, `logData`, `uiConfig`, `profileChanged` and `inflight`, first as it is and then each change.',
    answer: {
      type: 'text',
      media: 'text/event-stream',
      summary: 'Events named `message`, each with `{"type", "data"}` in which `data` is JSON text itself.',
    },
    handle: ({ feed }, exchange) => feed.open(exchange),
  },
  {
    method: 'POST',
    path: '/api/inflight/{id}/cancel',
    subject: 'Control',
    access: ['control'],
    changes: true,
    summary:
      'Ends a request to a model that is under way. Its client gets a 503 `cancelled`, or sees its answer break off.',
    answer: { type: 'json', schema: v.object({ msg: v.literal('ok') }) },
    handle({ inflight }, exchange) {
      const { argument, caller } = exchange
      if (!inflight.cancel(argument, ({ names }) => caller.sees(names))) {
        throw new ApiError('not_found', `There is no request ${argument} under way: it may have ended by now.`)
      }
      sendJson(exchange, { msg: 'ok' })
    },
  },
]
