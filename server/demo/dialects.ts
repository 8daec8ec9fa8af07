/** How a protocol wraps the words. */
export interface Dialect {
  whole(words: readonly string[]): object
  /** Server-sent events before, for each word, and after. */
  open(): string
  chunk(word: string): string
  close(words: readonly string[]): string
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const event = (type: string, value: object) => `event: ${type}\n${data({ type, ...value })}`

type Make = (model: string, id: string) => Dialect

/** By path, what the demo model answers with: one is made for each answer, which `id` names. */
export const dialects: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['/v1/chat/completions', chat],
  ['/v1/completions', completion],
  ['/v1/messages', messages],
  ['/v1/responses', responses],
])

function usage(count: number): object {
  return { prompt_tokens: 1, completion_tokens: count, total_tokens: count + 1 }
}

function chat(model: string, id: string): Dialect {
  const chunk = (delta: object, finish_reason: string | null) => {
    const choices = [{ index: 0, delta, finish_reason }]
    return data({ id, object: 'chat.completion.chunk', created: 0, model, choices })
  }
  return {
    whole: (words) => ({
      id,
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: 'stop' }],
      usage: usage(words.length),
    }),
    open: () => chunk({ role: 'assistant', content: '' }, null),
    chunk: (content) => chunk({ content }, null),
    close: () => `${chunk({}, 'stop')}data: [DONE]\n\n`,
  }
}

function completion(model: string, id: string): Dialect {
  const answer = (text: string) => ({ id, object: 'text_completion', model, choices: [{ index: 0, text }] })
  return {
    whole: (words) => ({ ...answer(words.join('')), usage: usage(words.length) }),
    open: () => '',
    chunk: (word) => data(answer(word)),
    close: () => 'data: [DONE]\n\n',
  }
}

function messages(model: string, id: string): Dialect {
  const message = { id, type: 'message', role: 'assistant', model }
  return {
    whole: (words) => ({
      ...message,
      content: [{ type: 'text', text: words.join('') }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: words.length },
    }),
    open: () =>
      event('message_start', { message: { ...message, content: [], usage: { input_tokens: 1, output_tokens: 0 } } }) +
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    chunk: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    close: ({ length }) =>
      event('content_block_stop', { index: 0 }) +
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: length } }) +
      event('message_stop', {}),
  }
}

function responses(model: string, id: string): Dialect {
  const itemId = `msg_${id}`
  const place = { item_id: itemId, output_index: 0, content_index: 0 }
  const part = (text: string) => ({ type: 'output_text', text, annotations: [] })
  const item = (status: string, content: readonly object[]) => {
    return { id: itemId, type: 'message', role: 'assistant', status, content }
  }
  const response = (status: string, output: readonly object[], count: number) => {
    const usage = { input_tokens: 1, output_tokens: count, total_tokens: count + 1 }
    return { id: `resp_${id}`, object: 'response', created_at: 0, model, status, output, ...(count > 0 && { usage }) }
  }
  const completed = (words: readonly string[]) =>
    response('completed', [item('completed', [part(words.join(''))])], words.length)
  let sequence = 0
  const next = (type: string, fields: object) => event(type, { ...fields, sequence_number: sequence++ })
  return {
    whole: completed,
    open: () =>
      next('response.created', { response: response('in_progress', [], 0) }) +
      next('response.in_progress', { response: response('in_progress', [], 0) }) +
      next('response.output_item.added', { output_index: 0, item: item('in_progress', []) }) +
      next('response.content_part.added', { ...place, part: part('') }),
    chunk: (delta) => next('response.output_text.delta', { ...place, delta }),
    close(words) {
      const text = words.join('')
      return (
        next('response.output_text.done', { ...place, text }) +
        next('response.content_part.done', { ...place, part: part(text) }) +
        next('response.output_item.done', { output_index: 0, item: item('completed', [part(text)]) }) +
        next('response.completed', { response: completed(words) })
      )
    },
  }
}
