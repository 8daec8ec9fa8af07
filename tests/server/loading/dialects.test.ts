import { expect, test } from 'vitest'
import { messagesDialect } from '../../../server/loading/messages.ts'
import { responsesDialect } from '../../../server/loading/responses.ts'

/* How a model's own stream goes on after a load that was told, event by event. */

const nameless = (data: object) => ({ event: undefined, data: JSON.stringify(data) })

test('a response goes on under its first id, numbered on, also when its events have no names', () => {
  const dialect = responsesDialect('m', 'x', 0)
  const told = [...dialect.open(), ...dialect.say('loading'), ...dialect.close()]
  for (const type of ['response.created', 'response.queued', 'response.in_progress']) {
    expect(dialect.continue?.(nameless({ type, response: { id: 'own' } }))).toEqual([])
  }
  const [added] = dialect.continue!(nameless({ type: 'response.output_item.added', output_index: 0 }))
  expect(JSON.parse(added!.data)).toEqual({
    type: 'response.output_item.added',
    output_index: 1,
    sequence_number: told.length,
  })
  const response = { id: 'own', status: 'incomplete', output: [1] }
  const [ended] = dialect.continue!({ event: 'response.incomplete', data: JSON.stringify({ response }) })
  expect(ended!.event).toBe('response.incomplete')
  expect(JSON.parse(ended!.data)).toEqual({
    response: { id: 'resp_x', status: 'incomplete', output: [1] },
    sequence_number: told.length + 1,
  })
})

test('a message goes on behind its thinking, with the tokens of its prompt, also when its events have no names', () => {
  const { continue: goOn } = messagesDialect('m', 'x')
  expect(goOn!(nameless({ type: 'message_start', message: { usage: { input_tokens: 7 } } }))).toEqual([])
  const [block] = goOn!(nameless({ type: 'content_block_delta', index: 0 }))
  expect(JSON.parse(block!.data)).toEqual({ type: 'content_block_delta', index: 1 })
  const [delta] = goOn!({ event: 'message_delta', data: '{"usage":{"output_tokens":3}}' })
  expect(JSON.parse(delta!.data)).toEqual({ usage: { input_tokens: 7, output_tokens: 3 } })
})

test('what is no JSON passes as it is', () => {
  for (const { continue: goOn } of [responsesDialect('m', 'x', 0), messagesDialect('m', 'x')]) {
    for (const data of ['[DONE]', 'null', '"text"', '']) {
      expect(goOn!({ event: undefined, data })).toEqual([{ event: undefined, data }])
    }
    expect(goOn!({ event: 'message_start', data: 'x' }).length).toBeLessThan(2)
  }
})
