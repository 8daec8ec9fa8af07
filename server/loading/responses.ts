import { amended, type LoadingDialect, named, raised, typeOf } from './dialect.ts'

/**
 * `/v1/responses`: progress is the summary of a reasoning item, the first of the response's output. The model's response
 * goes on with it: its own beginning is left out, its items are counted from the next number, and it keeps the id that the
 * client has heard already, because clients take another one for another response. What is complete in the end is the
 * model's output alone: clients send it back with the next request.
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
      switch (typeOf(own)) {
        case 'response.created':
        case 'response.queued':
        case 'response.in_progress':
          return []
        default:
          return [amended(own, continued)]
      }
    },
    fail: (error) => [event('response.failed', { response: { ...response, status: 'failed', error } })],
  }

  function summarised(text: string): object {
    return { id: itemId, type: 'reasoning', summary: [{ type: 'summary_text', text }] }
  }

  function continued(data: Readonly<Record<string, unknown>>): object {
    return {
      ...data,
      sequence_number: sequence++,
      ...('output_index' in data && { output_index: raised(data.output_index) }),
      ...('response' in data && { response: { ...(data.response as object), id: response.id } }),
    }
  }
}
