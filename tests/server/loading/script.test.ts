import { expect, test } from 'vitest'
import { LoadingScript, type Progress } from '../../../server/loading/script.ts'

const loading: Progress = { position: null, reason: '', remainingMs: null }
const queued = (position: number, reason = '') => ({ ...loading, position, reason })

test('the opening and the end have the marker that programs look for (server §11.5)', () => {
  const script = new LoadingScript('poet', 0)
  expect(script.opening).toBe('━━━━━\nhotseat loading model: poet\n')
  expect(script.ready(1_234)).toBe('\nDone! (1.23s)\n━━━━━\n \n')
})

test('the first tick says something, the next ones dots, and every six seconds there is another remark', () => {
  const script = new LoadingScript('poet', 0)
  const first = script.tick(750, loading)
  expect(first).toMatch(/^\n\w.+ $/)
  expect(script.tick(1_500, loading)).toBe('.')
  expect(script.tick(6_749, loading)).toBe('.')
  const second = script.tick(6_750, loading)
  expect(second).toMatch(/^\n\w.+ $/)
  expect(second).not.toBe(first)
})

test('a place in the queue is told when it changes, with the reason, and so is its end', () => {
  const script = new LoadingScript('poet', 0)
  expect(script.tick(750, queued(2, 'behind pirate'))).toBe('\nQueue position: #2, behind pirate ')
  expect(script.tick(1_500, queued(2, 'behind pirate'))).toBe('.')
  expect(script.tick(2_250, queued(1))).toBe('\nQueue position: #1 ')
  expect(script.tick(3_000, loading)).toBe('\nIts turn has come ')
})

test('what is left is told when earlier loads tell it', () => {
  expect(new LoadingScript('poet', 0).tick(750, { ...loading, remainingMs: 4_200 })).toContain(', about 5 s to go ')
})
