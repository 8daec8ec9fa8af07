import { type LoadingDialect, named, type SseEvent } from './dialect.ts'

/**
 * `/v1/messages`: progress is a thinking block of the one message that the stream is about. The model's message goes on
 * with it: its own start is left out, and its blocks are counted from the next number.
 */
export function messagesDialect(model: string, id: string): LoadingDialect {
  const usage = { input_tokens: 0, output_tokens: 0 }
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  /** The tokens of the prompt, which the start that is left out tells; the end tells them instead. */
  let counted: object = {}
  return {
    open: () => [
      named('message_start', { message }),
      named('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }),
    ],
    say: (thinking) => [named('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking } })],
    close: () => [named('content_block_stop', { index: 0 })],
    continue(event) {
      if (event.event === 'message_start') {
        counted = usageIn(event)
        return []
      }
      if (event.event === 'message_delta') return [withUsage(event, counted)]
      return event.event?.startsWith('content_block_') ? [shifted(event, 'index')] : [event]
    },
    fail: (error) => [named('error', { error })],
  }
}

/** The event with a number raised by one, to make room for what stands before it. */
export function shifted(event: SseEvent, key: string): SseEvent {
  try {
    const data = JSON.parse(event.data) as Record<string, unknown>
    const number = data[key]
    return typeof number === 'number' ? { ...event, data: JSON.stringify({ ...data, [key]: number + 1 }) } : event
  } catch {
    return event
  }
}

interface Counted {
  readonly message?: { readonly usage?: object }
  readonly usage?: object
}

function usageIn({ data }: SseEvent): object {
  try {
    return (JSON.parse(data) as Counted).message?.usage ?? {}
  } catch {
    return {}
  }
}

function withUsage(event: SseEvent, counted: object): SseEvent {
  try {
    const data = JSON.parse(event.data) as Counted
    return { ...event, data: JSON.stringify({ ...data, usage: { ...counted, ...data.usage } }) }
  } catch {
    return event
  }
}
