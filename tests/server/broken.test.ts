import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chat, type Hotseat, startHotseat, upstream } from '../support/hotseat.ts'

/* What a client sees of an answer that goes wrong after its head was sent (server §9.8, W13, W14). */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat({
    frail: upstream(),
    told: { cmd: upstream('--load-ms 300'), sendLoadingState: true },
  })
})

afterAll(() => hotseat[Symbol.asyncDispose]())

const messages = [{ role: 'user' as const, content: 'Hello' }]
const dying = { stream: true as const, chunks: 10, dieAfter: 2 }

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of stream);
}

test("a stream that its model's death cuts ends in an error for the clients of OpenAI and of Anthropic", async () => {
  const openai = new OpenAI({ baseURL: `${hotseat.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: hotseat.url, apiKey: 'none', maxRetries: 0 })
  const asked = { model: 'frail', messages, ...dying }
  const chunks = await openai.chat.completions.create(asked)
  await expect(readAll(chunks)).rejects.toMatchObject({ error: { code: 'upstream_broke', type: 'server_error' } })
  const events = await anthropic.beta.messages.create({ ...asked, max_tokens: 9 })
  await expect(readAll(events)).rejects.toMatchObject({
    error: { type: 'error', error: { code: 'upstream_broke', type: 'api_error' } },
  })
})

test('an answer that goes on after the load of its model and breaks is told as that protocol has it', async () => {
  for (const [path, end] of [
    [chat, /data: \{"error":\{"message":"The model's connection broke[^\n]+"upstream_broke"\}\}\n\ndata: \[DONE\]\n\n/],
    ['/v1/messages?beta=true', /event: error\ndata: [^\n]+"type":"api_error"[^\n]+"upstream_broke"/],
  ] as const) {
    await hotseat.post('/api/models/unload/told', '')
    const response = await hotseat.post(path, { model: 'told', ...dying })
    let text = ''
    const read = (async () => {
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) text += piece
    })()
    await expect(read).rejects.toThrow()
    expect(text).toMatch(end)
  }
})

test('what the model refuses after its load is told as an error: its status can no longer be given (W14)', async () => {
  await hotseat.post('/api/models/unload/told', '')
  const response = await hotseat.post(chat, { model: 'told', stream: true, status: 400 })
  expect([response.status, response.headers.get('x-accel-buffering')]).toEqual([200, 'no'])
  expect(await response.text()).toMatch(
    /data: \{"error":\{"message":"too long","code":"context"\}\}\n\ndata: \[DONE\]\n\n$/,
  )
})
