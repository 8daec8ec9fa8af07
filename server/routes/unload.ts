import * as v from 'valibot'
import type { ModelId } from '../../config/config.ts'
import type { Caller } from '../auth/caller.ts'
import { demandModelPath, visibleModels } from '../auth/rights.ts'
import { sendJson, sendText } from '../http/exchange.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'
import { unload } from '../unload.ts'

export const unloadRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/unload',
    subject: 'Control',
    access: ['control'],
    changes: true,
    summary: 'Stops all models and answers when they are gone. Better use `POST /api/models/unload`.',
    answer: { type: 'text', media: 'text/plain', summary: '`OK`.' },
    async handle(server, exchange) {
      await unload(server, all(server, exchange.caller))
      sendText(exchange, 'OK')
    },
  },
  {
    method: 'POST',
    path: '/api/models/unload',
    subject: 'Control',
    access: ['control'],
    changes: true,
    summary: 'Stops all models that the caller may see, responses or not, and answers when they are gone.',
    answer: { type: 'json', schema: v.object({ msg: v.literal('ok') }) },
    async handle(server, exchange) {
      await unload(server, all(server, exchange.caller))
      sendJson(exchange, { msg: 'ok' })
    },
  },
  {
    method: 'POST',
    path: '/api/models/unload/{model...}',
    subject: 'Control',
    access: ['control'],
    changes: true,
    summary: 'Stops one model by its id or alias, and answers when it is gone. Requests for others are not delayed.',
    answer: { type: 'text', media: 'text/plain', summary: '`OK`, also when it was not running.' },
    async handle(server, exchange) {
      await unload(server, [demandModelPath(server, exchange.caller, exchange.argument).id])
      sendText(exchange, 'OK')
    },
  },
]

function all(server: Server, caller: Caller): readonly ModelId[] {
  return visibleModels(server, caller).map(({ id }) => id)
}
