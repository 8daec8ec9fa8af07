import * as v from 'valibot'
import { whole } from '../body/body.ts'
import { readBody } from '../body/read.ts'
import { ApiError, invalidJson } from '../errors.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import { inferContent } from '../inference.ts'
import { AnswerTranslator, type Form } from '../ollama/answer.ts'
import { keep } from '../ollama/keep.ts'
import { listLoaded, listTags, showModel } from '../ollama/listing.ts'
import { OllamaReception, type Wording } from '../ollama/reception.ts'
import { type Translated, translateChat, translateEmbed, translateGenerate } from '../ollama/request.ts'
import { chatSchema, embeddingsSchema, embedSchema, generateSchema, showSchema } from '../ollama/schema.ts'
import { anyKey, type Route } from '../route.ts'
import type { Server } from '../server.ts'

/* For tools that know Ollama only. `/api/version` is answered as ever. */

const lines = {
  type: 'text',
  media: 'application/x-ndjson',
  summary: "Ollama's answer, as lines of JSON; one object when it is not to stream.",
} as const
const object = v.looseObject({})
const json = { type: 'json', schema: object } as const

export const ollamaRoutes: readonly Route[] = [
  post('/api/chat', chatSchema, "Ollama's chat.", (server, exchange, request) =>
    generate(server, exchange, 'chat', request.model, request.messages.length === 0, request, translateChat(request)),
  ),
  post('/api/generate', generateSchema, "Ollama's completion.", (server, exchange, request) =>
    generate(server, exchange, 'generate', request.model, request.prompt === '', request, translateGenerate(request)),
  ),
  {
    ...post('/api/embed', embedSchema, "Ollama's embeddings.", (server, exchange, { model, input }) =>
      embed(server, exchange, translateEmbed(model, input), (vectors) => ({ model, embeddings: vectors })),
    ),
    answer: json,
  },
  {
    ...post('/api/embeddings', embeddingsSchema, "Ollama's older embeddings.", (server, exchange, { model, prompt }) =>
      embed(server, exchange, translateEmbed(model, prompt), ([embedding = []]) => ({ embedding })),
    ),
    answer: json,
  },
  {
    ...post('/api/show', showSchema, 'What Ollama tells of a model.', (server, exchange, { model, name = '' }) =>
      sendJson(exchange, showModel(server, exchange.caller, model ?? name)),
    ),
    access: anyKey,
    answer: json,
  },
  list('/api/tags', 'The models, as Ollama lists them.', listTags),
  list('/api/ps', 'The loaded models, as Ollama lists them.', listLoaded),
]

function list(path: string, summary: string, list: (server: Server, exchange: Exchange) => object): Route {
  return {
    method: 'GET',
    path,
    subject: 'Models',
    access: anyKey,
    summary,
    answer: { type: 'json', schema: v.object({ models: v.array(object) }) },
    handle: (server, exchange) => sendJson(exchange, list(server, exchange)),
  }
}

function post<const S extends v.GenericSchema>(
  path: string,
  schema: S,
  summary: string,
  handle: (server: Server, exchange: Exchange, request: v.InferOutput<S>) => void | Promise<void>,
): Route {
  return {
    method: 'POST',
    path,
    subject: 'Inference',
    access: ['inference'],
    summary,
    body: { type: 'json', schema },
    answer: lines,
    handle: async (server, exchange) => handle(server, exchange, await read(server, exchange, schema)),
  }
}

async function read<S extends v.GenericSchema>(
  server: Server,
  { incoming }: Exchange,
  schema: S,
): Promise<v.InferOutput<S>> {
  const body = await readBody(incoming, server.config.bodyLimitBytes)
  const parsed = v.safeParse(schema, parse(body))
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const where = issue.path?.map(({ key }) => String(key)).join('.')
  throw new ApiError('bad_request', `${where ? `\`${where}\`: ` : ''}${issue.message}`)
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw invalidJson(error as Error)
  }
}

/** A request with nothing to say loads the model, or unloads it when it is to be kept for no time. */
async function generate(
  server: Server,
  exchange: Exchange,
  form: Form,
  model: string,
  isEmpty: boolean,
  { keep_alive }: { readonly keep_alive?: number | string | undefined },
  translated: Translated,
): Promise<void> {
  if (isEmpty) return keep(server, exchange, form, model, keep_alive)
  const startedAt = server.now()
  const now = () => server.now()
  // Made when the model is asked: what has passed until then is the wait.
  await ask(
    server,
    exchange,
    translated,
    () => new AnswerTranslator({ form, model, startedAt, loadMs: now() - startedAt, now }),
  )
}

const vectors = v.object({ data: v.array(v.object({ embedding: v.array(v.number()) })) })

async function embed(
  server: Server,
  exchange: Exchange,
  translated: Translated,
  word: (embeddings: readonly (readonly number[])[]) => object,
): Promise<void> {
  await ask(server, exchange, translated, () => ({
    piece: () => null,
    end: () => ({}),
    whole: (data) => word(v.parse(vectors, data).data.map(({ embedding }) => embedding)),
  }))
}

async function ask(
  server: Server,
  exchange: Exchange,
  { path, body }: Translated,
  wording: () => Wording,
): Promise<void> {
  const content = { body: whole([Buffer.from(JSON.stringify(body))]), type: 'application/json', query: '' }
  await inferContent(server, exchange, {
    content,
    path: exchange.path,
    upstreamPath: path,
    receive: (connection, recipient) => new OllamaReception(recipient, connection, wording()),
  })
}
