import { Ollama } from 'ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoModel } from '../../support/demo.ts'
import { type Hotseat, startHotseat, upstream } from '../../support/hotseat.ts'

/* The official client of Ollama, which knows nothing of OpenAI. */

let hotseat: Hotseat
let client: Ollama

beforeAll(async () => {
  hotseat = await startHotseat(
    {
      poet: {
        cmd: demoModel('poet', 0),
        aliases: ['verse'],
        capabilities: { in: ['text', 'image'], tools: true, context: 4096 },
      },
      hidden: { cmd: demoModel('clerk', 0), unlisted: true },
      vectors: upstream(),
    },
    `
includeAliasesInList: true
peers: {far: {proxy: "http://127.0.0.1:9", models: [x]}}
selectors: {best: {strategy: warm, targets: [poet]}}
apiKeys: [all, {key: asks, allow: [inference]}]
`,
  )
  client = new Ollama({ host: hotseat.url, headers: { authorization: 'Bearer all' } })
})

afterAll(() => hotseat[Symbol.asyncDispose]())

const messages = [{ role: 'user', content: 'Hello' }]
const options = { num_predict: 3 }

describe('the client of Ollama', () => {
  test('chats, streaming and not', async () => {
    const whole = await client.chat({ model: 'poet', messages, options })
    expect([whole.model, whole.done, whole.message.role]).toEqual(['poet', true, 'assistant'])
    expect(whole.message.content.split(' ')).toHaveLength(3)
    expect([whole.eval_count, whole.total_duration > 0]).toEqual([3, true])

    let text = ''
    let last: { done: boolean; done_reason: string } | undefined
    for await (const part of await client.chat({ model: 'poet', messages, options, stream: true })) {
      text += part.message.content
      last = part
    }
    expect(text).toBe(whole.message.content)
    expect(last?.done).toBe(true)
  })

  test('completes, streaming and not', async () => {
    const { response } = await client.generate({ model: 'poet', prompt: 'Hello', options })
    expect(response?.split(' ')).toHaveLength(3)
    const parts: (string | undefined)[] = []
    for await (const part of await client.generate({ model: 'poet', prompt: 'Hello', options, stream: true })) {
      parts.push(part.response)
    }
    expect(parts.join('')).toBe(response)
  })

  test('lists what there is, what is loaded, and what a model can do', async () => {
    expect((await client.list()).models.map(({ name }) => name)).toEqual(['best', 'far/x', 'poet', 'vectors', 'verse'])
    expect((await client.ps()).models.map(({ name }) => name)).toContain('poet')
    for (const model of ['poet', 'verse']) {
      expect(await client.show({ model })).toMatchObject({
        capabilities: ['completion', 'tools', 'vision'],
        model_info: { 'general.context_length': 4096 },
      })
    }
    for (const model of ['best', 'far/x', 'hidden']) {
      expect(await client.show({ model })).toMatchObject({ capabilities: ['completion'] })
    }
  })

  test('loads a model by asking nothing, and unloads it by keeping it for no time', async () => {
    expect(await client.generate({ model: 'poet', prompt: '' })).toMatchObject({ done_reason: 'load' })
    expect(hotseat.stateOf('poet')).toBe('ready')
    expect(await client.generate({ model: 'poet', prompt: '', keep_alive: 0 })).toMatchObject({ done_reason: 'unload' })
    expect(hotseat.stateOf('poet')).toBe('stopped')
  })

  test('asks whatever is listed: a selector as well, which is loaded like a model', async () => {
    expect(await client.chat({ model: 'best' })).toMatchObject({ model: 'best', done_reason: 'load' })
    expect(hotseat.stateOf('poet')).toBe('ready')
    expect(await client.generate({ model: 'far/x', prompt: '' })).toMatchObject({ done: true })
    expect((await client.chat({ model: 'best', messages, options })).message.content.split(' ')).toHaveLength(3)
  })

  test('unloads nothing with a key that may not, nor from a page of another site', async () => {
    const asking = new Ollama({ host: hotseat.url, headers: { authorization: 'Bearer asks' } })
    const leave = { model: 'poet', prompt: '', keep_alive: 0 }
    await expect(asking.generate(leave)).rejects.toThrow('this needs control')
    const headers = { authorization: 'Bearer all', 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await hotseat.post('/api/generate', leave, { headers })).status).toBe(403)
    expect(hotseat.stateOf('poet')).toBe('ready')
  })

  test('is told in the head how long it waited, whether it streams or not', async () => {
    const headers = { authorization: 'Bearer all', 'content-type': 'application/json', origin: 'https://chat.example' }
    for (const stream of [true, false]) {
      const response = await hotseat.post('/api/chat', { model: 'poet', messages, options, stream }, { headers })
      expect(response.headers.get('content-type')).toBe(stream ? 'application/x-ndjson' : 'application/json')
      expect(response.headers.get('x-hotseat-load-ms')).toMatch(/^\d+$/)
      expect(response.headers.get('access-control-allow-origin')).toBe('https://chat.example')
      expect((await response.text()).trim().split('\n')).toHaveLength(stream ? 4 : 1)
    }
  })

  test('embeds, one text or several', async () => {
    expect((await client.embed({ model: 'vectors', input: 'four' })).embeddings).toEqual([[4]])
    expect((await client.embed({ model: 'vectors', input: ['a', 'bb'] })).embeddings).toEqual([[1], [2]])
    expect((await client.embeddings({ model: 'vectors', prompt: 'three' })).embedding).toEqual([5])
  })

  test('reads errors as texts: of hotseat and of the model', async () => {
    await expect(client.chat({ model: 'nobody', messages })).rejects.toThrow('There is no model "nobody"')
    await expect(client.embed({ model: 'poet', input: 'x' })).rejects.toThrow('the demo model has no /v1/embeddings')
    await expect(client.pull({ model: 'x' })).rejects.toThrow('There is no POST /api/pull here')
    await expect(client.delete({ model: 'x' })).rejects.toThrow('There is no DELETE /api/delete here')
    await expect(client.chat({ model: 7 as never, messages })).rejects.toThrow('`model`')
  })
})
