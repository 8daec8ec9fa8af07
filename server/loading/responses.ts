import { type LoadingDialect, named } from './dialect.ts'
import { shifted } from './messages.ts'

/**
 * `/v1/responses`: progress is the summary of a reasoning item, the first of the response's output. The model's response
 * goes on with it: its own beginning is left out, and its items are counted from the next number.
 */
export function responsesDialect(model: string, id: string, created: number): LoadingDialect {
  let sequence = 0
  let told = ''
  const itemId = `rs_${id}`
  const event = (type: string, fields: object) => named(type, { ...fields, sequence_number: sequence++ })
  const response = {
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    model,
    output: [],
  }
  const place = { item_id: itemId, output_index: 0, summary_index: 0 }
  return {
    open: () => [
      event('response.created', { response }),
      event('response.in_progress', { response }),
      event('response.output_item.added', { output_index: 0, item: { id: itemId, type: 'reasoning', summary: [] } }),
      event('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } }),
    ],
    say(text) {
      told += text
      return [event('response.reasoning_summary_text.delta', { ...place, delta: text })]
    },
    close: () => [
      event('response.reasoning_summary_text.done', { ...place, text: told }),
      event('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text: told } }),
      event('response.output_item.done', { output_index: 0, item: summarised(told) }),
    ],
    continue(own) {
      if (own.event === 'response.created' || own.event === 'response.in_progress') return []
      return [renumbered(shifted(own, 'output_index'), sequence++)]
    },
    fail: (error) => [event('response.failed', { response: { ...response, status: 'failed', error } })],
  }

  function summarised(text: string): object {
    return { id: itemId, type: 'reasoning', summary: [{ type: 'summary_text', text }] }
  }

  function renumbered(own: { event: string | undefined; data: string }, number: number) {
    try {
      const data = JSON.parse(own.data) as object
      return 'sequence_number' in data ? { ...own, data: JSON.stringify({ ...data, sequence_number: number }) } : own
    } catch {
      return own
    }
  }
}
