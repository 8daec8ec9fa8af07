import type { LoadingDialect, SseEvent } from './dialect.ts'

/** `/v1/chat/completions`: progress is reasoning, which clients show apart from the answer (server §11.3, W14). */
export function chatDialect(model: string, id: string, created: number): LoadingDialect {
  const say = (text: string): SseEvent => {
    const choices = [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }]
    return { event: undefined, data: JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices }) }
  }
  return {
    open: () => [],
    say: (text) => [say(text)],
    close: () => [],
    continue: null,
    fail: (error) => [
      { event: undefined, data: JSON.stringify({ error }) },
      { event: undefined, data: '[DONE]' },
    ],
  }
}
