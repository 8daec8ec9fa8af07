import { whole } from '../body/body.ts'
import { readPieces } from '../body/read.ts'
import type { Exchange } from '../http/exchange.ts'
import { inferContent } from '../inference.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'
import { inferUpload, mayBeLarge } from '../uploads.ts'

/* The routes whose requests name their model (server §3, class M). */

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

export const inferenceRoutes: readonly Route[] = [
  ...[...openai, ...anthropic, ...llamaCpp, ...stableDiffusion].map((path) => post(path, path)),
  ...versionless.map((path) => post(path, path.slice('/v'.length))),
  post('/audioapi/v1/tasks/run', '/v1/tasks/run'),
  ...get.map(
    (path): Route => ({
      method: 'GET',
      path,
      subject: 'Inference',
      access: ['inference'],
      summary: 'Passed on to the model that the query names.',
      query: [{ name: 'model', required: true, summary: 'Id or alias of the model.' }],
      answer: { type: 'model' },
      handle: (server, exchange) => infer(server, exchange, path),
    }),
  ),
]

function post(path: string, upstreamPath: string): Route {
  const prefix = path.slice(0, path.length - upstreamPath.length)
  const where = prefix === '' ? '' : `, without \`${prefix}\`,`
  return {
    method: 'POST',
    path,
    subject: 'Inference',
    access: ['inference'],
    summary: `Passed on${where} to the model that the body names.`,
    body: { type: 'model', media: ['application/json', 'multipart/form-data', 'application/x-www-form-urlencoded'] },
    answer: { type: 'model' },
    handle: (server, exchange) => infer(server, exchange, upstreamPath),
  }
}

const tracked = new Set(inferenceRoutes.map(({ method, path }) => `${method} ${path}`))

/** Whether a model that is asked this under `/upstream/MODEL` is asked what could have been asked directly. */
export function isInference(method: string, path: string): boolean {
  return tracked.has(`${method === 'HEAD' ? 'GET' : method} ${path}`)
}

/** Finds out where the request is to go, and passes it on as whoever is there is to read it (server §2.2). */
async function infer(server: Server, exchange: Exchange, upstreamPath: string): Promise<void> {
  const { incoming, path, query } = exchange
  const isGet = incoming.method === 'GET' || incoming.method === 'HEAD'
  if (!isGet && mayBeLarge(incoming)) return inferUpload(server, exchange, { path, upstreamPath })
  const body = whole(isGet ? [] : await readPieces(incoming, server.config.bodyLimitBytes))
  const content = { body, type: isGet ? undefined : incoming.headers['content-type'], query }
  await inferContent(server, exchange, { content, path, upstreamPath })
}
