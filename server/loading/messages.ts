import { amended, type LoadingDialect, named, objectIn, raised, type SseEvent, typeOf } from './dialect.ts'

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
      switch (typeOf(event)) {
        case 'message_start':
          counted = usageIn(event)
          return []
        case 'message_delta':
          return [amended(event, (data) => ({ ...data, usage: { ...counted, ...(data.usage as object | undefined) } }))]
        case 'content_block_start':
        case 'content_block_delta':
        case 'content_block_stop':
          return [amended(event, (data) => ({ ...data, index: raised(data.index) }))]
        default:
          return [event]
      }
    },
    fail: (error) => [named('error', { error })],
  }
}

function usageIn({ data }: SseEvent): object {
  return (objectIn(data) as { message?: { usage?: object } } | undefined)?.message?.usage ?? {}
}
