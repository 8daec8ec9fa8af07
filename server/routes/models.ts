import * as v from 'valibot'
import { demandModelPath, unknown, visibleModels } from '../auth/rights.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import { decodeSegments } from '../http/target.ts'
import { listRecords, recordNamed } from '../listing/records.ts'
import { stateOf } from '../listing/state.ts'
import { anyKey, type Route } from '../route.ts'
import { acquire } from '../serve.ts'
import type { Server } from '../server.ts'

const strings = v.array(v.string())

const modelRecord = v.object({
  id: v.string(),
  object: v.literal('model'),
  created: v.pipe(v.number(), v.integer(), v.description('Unix seconds at which the configuration was loaded.')),
  owned_by: v.literal('hotseat'),
  name: v.optional(v.string()),
  description: v.optional(v.string()),
  architecture: v.optional(
    v.object({
      input_modalities: v.optional(strings),
      output_modalities: v.optional(strings),
      modality: v.optional(v.string()),
    }),
  ),
  capabilities: v.optional(v.record(v.string(), v.literal(true))),
  supported_parameters: v.optional(strings),
  context_length: v.optional(v.number()),
  meta: v.object({
    llamaswap: v.pipe(
      v.looseObject({ type: v.picklist(['model', 'alias', 'peer', 'selector', 'profile']) }),
      v.description('The metadata of the configuration, and what the server adds to it.'),
    ),
    n_ctx: v.optional(v.number()),
  }),
  status: v.object({
    value: v.picklist(['loaded', 'unloaded']),
    state: v.optional(v.picklist(['stopped', 'starting', 'ready', 'stopping', 'stuck'])),
  }),
})

const list = v.object({ object: v.literal('list'), data: v.array(modelRecord) })

const running = v.object({
  running: v.array(
    v.object({
      model: v.string(),
      state: v.picklist(['starting', 'ready', 'stopping', 'stuck']),
      cmd: v.string(),
      proxy: v.string(),
      ttl: v.pipe(v.number(), v.description('Idle seconds after which it is unloaded; 0 is never.')),
      name: v.string(),
      description: v.string(),
    }),
  ),
})

const loaded = v.object({
  msg: v.literal('ok'),
  model: v.string(),
  state: v.picklist(['stopped', 'starting', 'ready', 'stopping', 'stuck']),
  waited_ms: v.number(),
})

const listRoute = {
  method: 'GET',
  subject: 'Models',
  access: anyKey,
  answer: { type: 'json', schema: list },
  handle: (server, exchange) => sendJson(exchange, { object: 'list', data: listRecords(server, exchange.caller) }),
} as const satisfies Partial<Route>

export const modelRoutes: readonly Route[] = [
  {
    ...listRoute,
    path: '/v1/models',
    summary: 'The models, aliases, selectors and models of peers that the caller may see, and whether they are loaded.',
  },
  { ...listRoute, path: '/models', summary: 'The same as `/v1/models`.' },
  {
    method: 'GET',
    path: '/v1/models/{model...}',
    subject: 'Models',
    access: anyKey,
    summary: 'One of them by its id or alias, which may contain slashes; also one that is not listed.',
    answer: { type: 'json', schema: modelRecord },
    handle: showModel,
  },
  {
    method: 'GET',
    path: '/running',
    subject: 'Models',
    access: ['control', 'ui'],
    summary: 'The models whose processes are alive.',
    answer: { type: 'json', schema: running },
    handle: listRunning,
  },
  {
    method: 'POST',
    path: '/api/models/load/{model...}',
    subject: 'Control',
    access: ['control', 'inference'],
    changes: true,
    summary: 'Loads a model and answers once it is ready, without asking it anything.',
    answer: { type: 'json', schema: loaded },
    handle: load,
  },
]

function showModel(server: Server, exchange: Exchange): void {
  const name = decodeSegments(exchange.argument)
  const record = recordNamed(server, exchange.caller, name)
  if (!record) throw unknown(server, exchange.caller, name)
  sendJson(exchange, record)
}

/** Whatever takes a place (server §19.1). */
function listRunning(server: Server, exchange: Exchange): void {
  const running = visibleModels(server, exchange.caller).flatMap(({ id, cmd, proxy, ttlMs, name, description }) => {
    const state = stateOf(server, id)
    return state === 'stopped' ? [] : [{ model: id, state, cmd, proxy, ttl: ttlMs / 1000, name, description }]
  })
  sendJson(exchange, { running })
}

/** Holds the model for a moment, as a request would, and asks it nothing (W25). A client that leaves withdraws. */
async function load(server: Server, exchange: Exchange): Promise<void> {
  const model = demandModelPath(server, exchange.caller, exchange.argument)
  const begun = server.now()
  using _lease = await acquire(server, model, exchange.departure)
  sendJson(exchange, {
    msg: 'ok',
    model: model.id,
    state: stateOf(server, model.id),
    waited_ms: server.now() - begun,
  })
}
