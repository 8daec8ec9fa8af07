import type { ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { http } from '../../process/builtins.ts'
import { type Dialect, dialects } from './dialects.ts'
import { babble, voices } from './voices.ts'

/*
 * A tiny text generator that speaks the OpenAI and Anthropic protocols, takes its time to load and to talk, and needs
 * neither a GPU nor a download. Run as a process of its own, like any model.
 */

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string' },
    model: { type: 'string', default: 'clerk' },
    'load-ms': { type: 'string', default: '0' },
    'tokens-per-second': { type: 'string', default: '50' },
  },
})
const model = flags.model
const text = voices.get(model) ?? voices.get('clerk')!
const tokenMs = 1000 / Number(flags['tokens-per-second'])
let loaded = false
let answers = 0

interface Prompt {
  readonly stream?: boolean
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly max_output_tokens?: number
  readonly messages?: unknown
  readonly prompt?: unknown
  readonly input?: unknown
}

const server = http.createServer(async (request, response) => {
  const path = request.url?.split('?', 1)[0] ?? '/'
  if (path === '/health') return send(response, loaded ? 200 : 503, { status: loaded ? 'ok' : 'loading' })
  if (path === '/') return send(response, 200, { model, words: 'I am a demo model.' })
  const dialect = dialects.get(path)?.(model, `demo-${process.pid}-${++answers}`)
  if (!dialect)
    return send(response, 404, { error: { message: `the demo model has no ${path}`, type: 'invalid_request_error' } })
  try {
    await speak(dialect, (await json(request)) as Prompt, response)
  } catch (error) {
    if (!response.headersSent) send(response, 400, { error: { message: String(error), type: 'invalid_request_error' } })
  }
})

async function speak(dialect: Dialect, prompt: Prompt, response: ServerResponse): Promise<void> {
  const asked = JSON.stringify(prompt.messages ?? prompt.prompt ?? prompt.input ?? '')
  const { max_tokens, max_completion_tokens, max_output_tokens } = prompt
  const count = Math.min(max_tokens ?? max_completion_tokens ?? max_output_tokens ?? 40, 1000)
  const words: string[] = []
  const gone = new AbortController()
  response.once('close', () => gone.abort())

  if (prompt.stream) response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(dialect.open())
  for (const word of babble(text, hash(asked))) {
    if (words.length === count || gone.signal.aborted) break
    const spoken = words.length === 0 ? word : ` ${word}`
    words.push(spoken)
    if (prompt.stream) response.write(dialect.chunk(spoken))
    await pause(tokenMs, undefined, { signal: gone.signal }).catch(() => {})
  }
  if (prompt.stream) response.end(dialect.close(words))
  else send(response, 200, dialect.whole(words))
}

function send(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value)
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    .end(body)
}

function hash(asked: string): number {
  let sum = 0
  for (const char of asked) sum = (Math.imul(sum, 31) + char.codePointAt(0)!) | 0
  return sum
}

server.listen(Number(flags.port), '127.0.0.1')
await pause(Number(flags['load-ms']))
loaded = true
process.stdout.write(`${model} is loaded\n`)
