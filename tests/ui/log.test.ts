import { expect, test } from 'vitest'
import type { EventFrame } from '../../machines/inspect/frames.ts'
import { durationOf } from '../../ui/inspect/format.ts'
import { entryOf, passedOn, passes, summaryOf } from '../../ui/inspect/log/entry.ts'

function frame(sourceId: string | undefined, sessionId: string, event: object): EventFrame {
  return { type: '@xstate.event', sourceId, sessionId, event, createdAt: '5' } as unknown as EventFrame
}

const request = { type: 'request', request: 7, model: 'qwen', at: 5 }

test('an event says in a line what it carries', () => {
  expect(summaryOf(request)).toBe('request 7, model qwen')
  expect(summaryOf({ type: 'swap.start', swap: 3, target: 'a', clear: [{ model: 'b', swap: 2 }], keep: null })).toBe(
    'swap 3, target a, clear b 2',
  )
  expect(summaryOf({ type: 'x', router: { xstate$$type: 1, id: 'router' }, models: [] })).toBe(
    'router router, models none',
  )
})

test('an event that is passed on is one line, with everyone that it passed', () => {
  const first = entryOf(1, frame(undefined, 'router', request))
  const second = passedOn(first, frame('router', 'scheduler', { ...request }))
  expect(second?.path).toEqual(['outside', 'router', 'scheduler'])
  expect(passedOn(first, frame('router', 'scheduler', { ...request, request: 8 }))).toBeUndefined()
  expect(passedOn(first, frame('scheduler', 'router', request))).toBeUndefined()
  expect(passedOn(first, frame(undefined, 'router', request))).toBeUndefined()
})

test('a filter looks at words, at requests and at one actor', () => {
  const all = { text: '', requests: true, actor: null }
  const entry = entryOf(1, frame('router', 'scheduler', request))
  expect(passes(entry, all)).toBe(true)
  expect(passes(entry, { ...all, text: 'QWEN scheduler' })).toBe(true)
  expect(passes(entry, { ...all, text: 'gemma' })).toBe(false)
  expect(passes(entry, { ...all, requests: false })).toBe(false)
  expect(passes(entry, { ...all, actor: 'scheduler' })).toBe(true)
  expect(passes(entry, { ...all, actor: 'process.qwen' })).toBe(true)
  expect(passes(entry, { ...all, actor: 'process.gemma' })).toBe(false)
})

test('a duration is told as exactly as it matters', () => {
  expect([400, 12_345, 192_000, 7_500_000, -5].map(durationOf)).toEqual([
    '0.4 s',
    '12 s',
    '3 m 12 s',
    '2 h 5 m',
    '0.0 s',
  ])
})
