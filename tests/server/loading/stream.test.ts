import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoModel } from '../../support/demo.ts'
import { chat, type Hotseat, startHotseat, upstream } from '../../support/hotseat.ts'
import { until } from '../../support/until.ts'

/* What a client hears while its model loads (server §11), in the three protocols, by the clients that speak them. */

let hotseat: Hotseat

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      poet: demoModel('poet', 900),
      other: demoModel('clerk', 0),
      plain: { cmd: upstream(), sendLoadingState: false },
      broken: upstream('--exit-code 3 --say bang'),
      mute: { cmd: upstream(), proxy: `http://localhost:\${PORT}/elsewhere` },
    },
    'sendLoadingState: true',
  )
})

afterAll(() => hotseat[Symbol.asyncDispose]())

const messages = [{ role: 'user' as const, content: 'Hello' }]

async function unloaded(): Promise<void> {
  await hotseat.post('/api/models/unload', {})
}

test('OpenAI: a chat hears of the load as reasoning, and then the answer', async () => {
  await unloaded()
  const client = new OpenAI({ baseURL: `${hotseat.url}/v1`, apiKey: 'none', maxRetries: 0 })
  let reasoning = ''
  let content = ''
  for await (const { choices } of await client.chat.completions.create({
    model: 'poet',
    messages,
    stream: true,
    max_tokens: 3,
  })) {
    const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined
    reasoning += delta?.reasoning_content ?? ''
    content += delta?.content ?? ''
  }
  expect(reasoning).toMatch(/^━━━━━\nhotseat loading model: poet\n\n[\s\S]+\nDone! \(\d\.\d\ds\)\n━━━━━\n \n$/)
  expect(content.split(' ')).toHaveLength(3)
})

test('Anthropic: a message hears of the load as thinking, which is a block of its own', async () => {
  await unloaded()
  const client = new Anthropic({ baseURL: hotseat.url, apiKey: 'none', maxRetries: 0 })
  const message = await client.messages.stream({ model: 'poet', messages, max_tokens: 3 }).finalMessage()
  expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
  expect(JSON.stringify(message.content[0])).toContain('hotseat loading model: poet')
  expect(message.usage.output_tokens).toBe(3)
})

test('OpenAI: a response hears of the load as the summary of a reasoning item, and then the answer', async () => {
  const client = new OpenAI({ baseURL: `${hotseat.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const asked = { model: 'poet', input: 'Hello', max_output_tokens: 3 }

  await unloaded()
  const stream = client.responses.stream(asked)
  const types: string[] = []
  let told = ''
  for await (const event of stream) {
    types.push(event.type)
    if (event.type === 'response.reasoning_summary_text.done') told = event.text
  }
  expect(told).toMatch(/^━━━━━\nhotseat loading model: poet\n\n[\s\S]+\nDone! \(\d\.\d\ds\)\n━━━━━\n \n$/)
  const final = await stream.finalResponse()
  expect(final.output_text.split(' ')).toHaveLength(3)
  expect(final).toMatchObject({ status: 'completed', usage: { output_tokens: 3 } })
  // What the client sends back as the conversation has nothing of the load in it.
  expect(final.output.map(({ type }) => type)).toEqual(['message'])
  expect(types.filter((type) => type === 'response.created')).toHaveLength(1)
  expect(types.at(-1)).toBe('response.completed')

  await unloaded()
  const numbers: number[] = []
  let last = ''
  for await (const { type, sequence_number } of await client.responses.create({ ...asked, stream: true })) {
    numbers.push(sequence_number)
    last = type
  }
  expect(numbers).toEqual(numbers.map((_, index) => index))
  expect(last).toBe('response.completed')
})

test('a model that is ready, one that is not to tell, and a request that does not stream hear nothing', async () => {
  const texts = [
    await hotseat.post(chat, { model: 'other', stream: false, max_tokens: 1 }),
    await hotseat.post(chat, { model: 'other', stream: true, max_tokens: 1 }),
    await hotseat.post(chat, { model: 'plain', stream: true }),
  ].map((response) => response.text())
  for (const text of await Promise.all(texts)) expect(text).not.toContain('loading')
})

test('who waits in the queue hears of the place and the reason', async () => {
  await unloaded()
  const held = hotseat.post('/upstream/plain/v1/x', { model: 'plain', chunks: 2, chunkMs: 1_200 })
  await until('it is served', () => hotseat.leasesOf('plain') === 1)
  const text = await (await hotseat.post(chat, { model: 'other', stream: true, max_tokens: 1 })).text()
  expect(text).toContain('Queue position: #1, until plain has answered')
  await held
})

test('a load that fails is told as an error, and the stream ends', async () => {
  const response = await hotseat.post(chat, { model: 'broken', stream: true })
  const text = await response.text()
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(text).toMatch(
    /data: \{"error":\{"message":"Model \\"broken\\" did not start[\s\S]+bang[\s\S]+\}\n\ndata: \[DONE\]\n\n$/,
  )
  expect(text).not.toContain('Done!')
})

test('OpenAI: a load that fails, and a model that does not stream, are a response that failed', async () => {
  await unloaded()
  const client = new OpenAI({ baseURL: `${hotseat.url}/v1`, apiKey: 'none', maxRetries: 0 })
  for (const [model, message] of [
    ['broken', 'Model "broken" did not start'],
    ['mute', 'The model answered 200 instead of a stream'],
  ] as const) {
    const stream = client.responses.stream({ model, input: 'Hello' })
    const events: ResponseStreamEvent[] = []
    for await (const event of stream) events.push(event)
    const last = events.at(-1)
    expect(last?.type === 'response.failed' && last.response.error?.message).toContain(message)
    expect(await stream.finalResponse()).toMatchObject({ status: 'failed', error: { code: expect.any(String) } })
  }
})

test('a client that leaves while its model loads gives up its place', async () => {
  await unloaded()
  const leaving = new AbortController()
  const body = JSON.stringify({ model: 'poet', stream: true })
  const response = await hotseat.post(chat, body, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
    signal: leaving.signal,
  })
  await response.body?.getReader().read()
  leaving.abort()
  await until('nobody waits', () =>
    hotseat.running.server.system.ledger().swaps.every(({ waiters }) => waiters.length === 0),
  )
})
