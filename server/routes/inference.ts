import { modelIn } from '../body/model.ts'
import { readBody } from '../body/read.ts'
import { modelRequired, unknownModel } from '../errors.ts'
import type { Handler } from '../exchange.ts'
import { type Server, serve } from '../server.ts'

/** A route whose request names its model (server §3, class M). */
export interface InferenceRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The path at the upstream. */
  readonly upstreamPath: string
}

const openai = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/audio/speech',
  '/v1/audio/voices',
  '/v1/audio/transcriptions',
  '/v1/images/generations',
  '/v1/images/edits',
]
const anthropic = ['/v1/messages', '/v1/messages/count_tokens']
const llamaCpp = ['/v1/rerank', '/v1/reranking', '/rerank', '/reranking', '/infill', '/completion']
const stableDiffusion = ['/sdapi/v1/txt2img', '/sdapi/v1/img2img']

/** Paths of clients that put a version of their own before the standard one: `/v` is taken off. */
const versionless = [
  '/v/chat/completions',
  '/v/responses',
  '/v/completions',
  '/v/messages',
  '/v/messages/count_tokens',
  '/v/embeddings',
  '/v/rerank',
  '/v/reranking',
]

const get = ['/v1/audio/voices', '/sdapi/v1/loras', '/props']

export const inferenceRoutes: readonly InferenceRoute[] = [
  ...[...openai, ...anthropic, ...llamaCpp, ...stableDiffusion].map((path) => post(path, path)),
  ...versionless.map((path) => post(path, path.slice('/v'.length))),
  post('/audioapi/v1/tasks/run', '/v1/tasks/run'),
  ...get.map((path): InferenceRoute => ({ method: 'GET', path, upstreamPath: path })),
]

function post(path: string, upstreamPath: string): InferenceRoute {
  return { method: 'POST', path, upstreamPath }
}

/** Finds the model that the request names in its body, its form or its query, and passes the request on to it. */
export function infer(server: Server, { method, upstreamPath }: InferenceRoute): Handler {
  return async ({ incoming, outgoing, query, signal }) => {
    const search = new URLSearchParams(query)
    const body = method === 'GET' ? Buffer.alloc(0) : await readBody(incoming, server.config.bodyLimitBytes)
    const type = method === 'GET' ? undefined : incoming.headers['content-type']
    const name = await modelIn(body, type, search)
    if (!name) throw modelRequired()
    const model = server.names.resolve(name)
    if (!model) throw unknownModel(name, server.names.all())
    const path = query === '' ? upstreamPath : `${upstreamPath}?${query}`
    await serve(server, model, { incoming, outgoing, path, body }, signal)
  }
}
