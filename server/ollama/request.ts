import type { ChatRequest, GenerateRequest, Message, Options } from './schema.ts'

/** A request as OpenAI's clients make it, for the same model. */
export interface Translated {
  readonly path: '/v1/chat/completions' | '/v1/completions' | '/v1/embeddings'
  readonly body: object
}

export function translateChat(request: ChatRequest): Translated {
  const { model, stream, messages, tools, options, format, think } = request
  return {
    path: '/v1/chat/completions',
    body: {
      model,
      messages: translateMessages(messages),
      ...(tools && tools.length > 0 && { tools }),
      ...streaming(stream),
      ...sampling(options),
      ...formatting(format),
      ...thinking(think),
    },
  }
}

/** A prompt is a chat of one message, unless it is raw or has a gap to fill. */
export function translateGenerate(request: GenerateRequest): Translated {
  const { model, stream, prompt, suffix, system, images, raw, options, format, think } = request
  if (raw || suffix) {
    const body = { model, prompt, ...(suffix && { suffix }), ...streaming(stream), ...sampling(options) }
    return { path: '/v1/completions', body }
  }
  const user: Message = { role: 'user', content: prompt, images }
  const messages: readonly Message[] = system ? [{ role: 'system', content: system, images: [] }, user] : [user]
  return translateChat({ model, stream, messages: [...messages], options, format, think })
}

export function translateEmbed(model: string, input: string | readonly string[]): Translated {
  return { path: '/v1/embeddings', body: { model, input } }
}

/** Ollama gives the calls of tools no ids: answers name their tool, or follow the order of the calls. */
function translateMessages(messages: readonly Message[]): readonly object[] {
  const unanswered: { readonly id: string; readonly name: string }[] = []
  let calls = 0
  return messages.map(({ role, content, images, thinking, tool_calls, tool_name }) => {
    if (role === 'tool') {
      const at = Math.max(
        0,
        unanswered.findIndex(({ name }) => name === tool_name),
      )
      const [answered] = unanswered.splice(at, 1)
      return { role, content, tool_call_id: answered?.id ?? `call_${calls}` }
    }
    const called = tool_calls?.map(({ function: { name, arguments: given } }) => {
      const id = `call_${++calls}`
      unanswered.push({ id, name })
      return { id, type: 'function', function: { name, arguments: JSON.stringify(given) } }
    })
    const pictures = images.map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }))
    return {
      role,
      content: pictures.length > 0 ? [{ type: 'text', text: content }, ...pictures] : content,
      ...(thinking && { reasoning_content: thinking }),
      ...(called && called.length > 0 && { tool_calls: called }),
    }
  })
}

/** The first bytes tell the format, in base64 as well. */
function dataUrl(base64: string): string {
  const format = base64.startsWith('/9j/') ? 'jpeg' : base64.startsWith('UklGR') ? 'webp' : 'png'
  return `data:image/${format};base64,${base64}`
}

/** The counts come with the last event only for those who ask. */
function streaming(stream: boolean): object {
  return stream ? { stream, stream_options: { include_usage: true } } : { stream }
}

function sampling(options: Options): object {
  const { num_predict, repeat_penalty, stop, ...same } = options
  return {
    ...same,
    ...(stop !== undefined && { stop }),
    ...(repeat_penalty !== undefined && { repeat_penalty }),
    // -1 and -2 are "without end" and "fill the context": what a server does that is given no limit.
    ...(num_predict !== undefined && num_predict >= 0 && { max_tokens: num_predict }),
  }
}

function formatting(format: ChatRequest['format']): object {
  if (!format) return {}
  if (format === 'json') return { response_format: { type: 'json_object' } }
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: format } } }
}

/** As llama-server and vLLM take it. */
function thinking(think: ChatRequest['think']): object {
  if (think === undefined) return {}
  if (typeof think === 'string') return { reasoning_effort: think }
  return { chat_template_kwargs: { enable_thinking: think } }
}
