import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { demoConfig } from '../../server/demo/config.ts'
import { type Running, start } from '../../server/start.ts'
import { freshPorts } from '../support/ports.ts'
import { until } from '../support/until.ts'

/* The official clients against the demo that everybody starts with. */

let running: Running
let openai: OpenAI
let anthropic: Anthropic

beforeAll(async () => {
  const { config } = parseConfig(`startPort: ${freshPorts()}\n${demoConfig}`, 'demo')
  running = await start(config, { hostname: '127.0.0.1', port: 0, stdout: () => {}, onFatal: () => {} })
  openai = new OpenAI({ baseURL: `${running.url}/v1`, apiKey: 'none', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: running.url, apiKey: 'none', maxRetries: 0 })
})

afterAll(async () => {
  await running.stop(1_000)
})

const messages = [{ role: 'user' as const, content: 'Hello!' }]

test('OpenAI: model A, then B, then A, streaming and not, on one seat', async () => {
  for (const model of ['poet', 'pirate', 'poet']) {
    const whole = await openai.chat.completions.create({ model, messages, max_tokens: 3 })
    expect([whole.model, whole.choices[0]?.message.content?.split(' ').length]).toEqual([model, 3])
    const words: string[] = []
    for await (const chunk of await openai.chat.completions.create({ model, messages, max_tokens: 3, stream: true })) {
      words.push(chunk.choices[0]?.delta.content ?? '')
    }
    expect(words.join('')).toBe(whole.choices[0]?.message.content)
  }
})

test('OpenAI: a response, streaming and not', async () => {
  const asked = { model: 'clerk', input: 'Hello!', max_output_tokens: 4 }
  const whole = await openai.responses.create(asked)
  expect(whole.output_text.split(' ')).toHaveLength(4)
  expect((await openai.responses.stream(asked).finalResponse()).output_text).toBe(whole.output_text)
})

test('OpenAI: a stream that the client aborts gives its lease back', async () => {
  const stream = await openai.chat.completions.create({ model: 'clerk', messages, max_tokens: 1000, stream: true })
  for await (const _chunk of stream) break
  stream.controller.abort()
  const leases = () => running.server.system.ledger().models.flatMap((record) => record.leases)
  await until('no lease is held', () => leases().length === 0)
})

test('OpenAI: an unknown model is the error type that the client knows', async () => {
  const asked = openai.chat.completions.create({ model: 'poett', messages })
  await expect(asked).rejects.toThrow(OpenAI.NotFoundError)
  await expect(asked).rejects.toThrow('Did you mean "poet"?')
})

test('OpenAI: the list of models', async () => {
  const ids: string[] = []
  for await (const { id } of openai.models.list()) ids.push(id)
  expect(ids).toEqual(['clerk', 'pirate', 'poet'])
})

test('Anthropic: a message, streaming and not', async () => {
  const whole = await anthropic.messages.create({ model: 'clerk', messages, max_tokens: 4 })
  const stream = anthropic.messages.stream({ model: 'clerk', messages, max_tokens: 4 })
  expect(await stream.finalText()).toBe(whole.content[0]?.type === 'text' ? whole.content[0].text : '')
})

test('Anthropic: an unknown model is the error type that the client knows', async () => {
  const asked = anthropic.messages.create({ model: 'nobody', messages, max_tokens: 4 })
  await expect(asked).rejects.toThrow(Anthropic.NotFoundError)
  await expect(asked).rejects.toMatchObject({ error: { type: 'error', error: { type: 'not_found_error' } } })
})
