import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AnswerTranslator, type Form } from '../../../server/ollama/answer.ts'
import { translateChat, translateGenerate } from '../../../server/ollama/request.ts'
import { chatSchema, generateSchema } from '../../../server/ollama/schema.ts'

const chat = (request: object) => translateChat(v.parse(chatSchema, { model: 'm', ...request })).body
const generate = (request: object) => translateGenerate(v.parse(generateSchema, { model: 'm', ...request }))

describe('a request of Ollama for the OpenAI paths', () => {
  test('streams unless told otherwise, with the counts at the end', () => {
    expect(chat({})).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(chat({ stream: false })).not.toHaveProperty('stream_options')
  })

  test('has its options by their other names', () => {
    const options = { temperature: 0, top_k: 5, num_predict: 7, repeat_penalty: 1.1, stop: ['x'], num_ctx: 4096 }
    const expected = { temperature: 0, top_k: 5, max_tokens: 7, repeat_penalty: 1.1, stop: ['x'] }
    expect(chat({ options })).toMatchObject(expected)
    expect(chat({ options })).not.toHaveProperty('num_ctx')
    expect(chat({ options: { num_predict: -1 } })).not.toHaveProperty('max_tokens')
  })

  test('has images as data URLs', () => {
    const [message] = (
      chat({ messages: [{ role: 'user', content: 'Look', images: ['/9j/AA'] }] }) as {
        messages: { content: object[] }[]
      }
    ).messages
    expect(message?.content).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/AA' } },
    ])
  })

  test('has ids for the calls of tools, and their answers by name or by order', () => {
    const call = (name: string) => ({ function: { name, arguments: { city: 'Ulm' } } })
    const { messages } = chat({
      messages: [
        { role: 'assistant', tool_calls: [call('one'), call('two')] },
        { role: 'tool', content: '2', tool_name: 'two' },
        { role: 'tool', content: '1' },
      ],
    }) as { messages: { tool_calls?: { id: string; function: object }[]; tool_call_id?: string }[] }
    expect(messages[0]?.tool_calls?.[0]?.function).toEqual({ name: 'one', arguments: '{"city":"Ulm"}' })
    const [one, two] = messages[0]!.tool_calls!.map(({ id }) => id)
    expect(messages.slice(1).map(({ tool_call_id }) => tool_call_id)).toEqual([two, one])
  })

  test('asks for JSON, by a schema or without', () => {
    expect(chat({ format: 'json' })).toMatchObject({ response_format: { type: 'json_object' } })
    const schema = { type: 'object' }
    expect(chat({ format: schema })).toMatchObject({ response_format: { json_schema: { schema } } })
  })

  test('is a chat when it has a prompt, and a completion when that is raw or has a gap', () => {
    const { path, body } = generate({ prompt: 'Hi', system: 'Be brief' })
    expect(path).toBe('/v1/chat/completions')
    expect(body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'Hi' },
      ],
    })
    expect(generate({ prompt: 'Hi', raw: true }).path).toBe('/v1/completions')
    expect(generate({ prompt: 'a', suffix: 'c' }).body).toMatchObject({ prompt: 'a', suffix: 'c' })
  })
})

describe("an answer in Ollama's words", () => {
  const translator = (form: Form) =>
    new AnswerTranslator({ form, model: 'm', startedAt: 0, loadMs: 250, now: () => 1000 })
  const piece = (delta: object, finish_reason: string | null = null) => ({ choices: [{ delta, finish_reason }] })

  test('has an object for each piece that says something', () => {
    const stream = translator('chat')
    expect(stream.piece(piece({ role: 'assistant', content: '' }))).toBeNull()
    expect(stream.piece(piece({ content: 'Hi' }))).toMatchObject({ message: { content: 'Hi' }, done: false })
    expect(stream.piece(piece({ reasoning_content: 'Hm' }))).toMatchObject({ message: { thinking: 'Hm' } })
    expect(translator('generate').piece(piece({ content: 'Hi' }))).toMatchObject({ response: 'Hi', done: false })
  })

  test('ends with the reason, the counts and the durations in nanoseconds', () => {
    const stream = translator('chat')
    stream.piece(piece({}, 'length'))
    stream.piece({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 }, timings: { predicted_ms: 2 } })
    expect(stream.end()).toMatchObject({
      done: true,
      done_reason: 'length',
      total_duration: 1e9,
      load_duration: 250e6,
      prompt_eval_count: 3,
      eval_count: 5,
      eval_duration: 2e6,
    })
  })

  test('gathers the calls of tools, whose arguments come in pieces', () => {
    const stream = translator('chat')
    const call = (call: object) => stream.piece(piece({ tool_calls: [{ index: 0, function: call }] }))
    call({ name: 'weather', arguments: '{"ci' })
    call({ arguments: 'ty":"Ulm"}' })
    expect(stream.end()).toMatchObject({
      message: { tool_calls: [{ function: { name: 'weather', arguments: { city: 'Ulm' } } }] },
    })
  })

  test('is one object when it does not stream', () => {
    const message = { role: 'assistant', content: 'Hi', reasoning_content: 'Hm' }
    const data = { choices: [{ message, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 2 } }
    expect(translator('chat').whole(data)).toMatchObject({ message: { content: 'Hi', thinking: 'Hm' }, eval_count: 2 })
    expect(translator('generate').whole({ choices: [{ text: 'Hi' }] })).toMatchObject({ response: 'Hi', done: true })
  })

  test('survives what is no answer', () => {
    expect(translator('chat').piece('nonsense')).toBeNull()
    expect(translator('chat').whole(null)).toMatchObject({ message: { content: '' }, done: true })
  })
})
