import { describe, expect, test } from 'vitest'
import type { ModelId } from '../../../config/config.ts'
import type { Selector, Strategy } from '../../../config/selectors.ts'
import { type Candidate, choose } from '../../../server/destination/choose.ts'

function selector(strategy: Strategy, spillover = 1): Selector {
  return {
    id: 's',
    strategy,
    targets: [],
    spillover,
    name: '',
    description: '',
    unlisted: false,
    metadata: new Map(),
  }
}

/** `a:ready:2` has two requests; a name alone is a peer's model. */
function candidate(written: string): Candidate {
  const [name = '', state, requests = '0'] = written.split(':')
  const means = { type: 'model' as const, model: name as ModelId }
  const isComing = state === 'coming'
  const presence = isComing ? 'stopped' : ((state as Candidate['state']) ?? null)
  return { target: { name, means }, state: presence, isComing, requests: Number(requests) }
}

function chosen(strategy: Strategy, spillover: number, turn: number, ...candidates: string[]): readonly string[] {
  return choose(selector(strategy, spillover), candidates.map(candidate), turn).map(({ name }) => name)
}

describe('a selector chooses (server §7.2)', () => {
  test.each<[string, Strategy, string[], string[]]>([
    ['pin: the first, whatever it does', 'pin', ['a:stopped', 'b:ready'], ['a']],
    ['warm: the first that is ready', 'warm', ['a:starting', 'b:ready', 'c:ready'], ['b']],
    ['warm: else the first that is starting', 'warm', ['a:stopped', 'b:starting'], ['b']],
    ['warm: one whose swap is under way is starting', 'warm', ['a:stopped', 'b:coming'], ['b']],
    ['warm: else the first', 'warm', ['a:stopped', 'b:stopping'], ['a']],
    ['failover: all, in their order', 'failover', ['a:ready', 'b', 'c:stopped'], ['a', 'b', 'c']],
    ['spillover: the first that is cold when nothing runs', 'spillover', ['a:stopped', 'b:stopped'], ['a']],
    ['spillover: one that runs and has room', 'spillover', ['a:stopped', 'b:ready'], ['b']],
    ['spillover: the next cold one when all that run are full', 'spillover', ['a:ready:1', 'b:stopped'], ['b']],
    ['spillover: the least busy when nothing is cold', 'spillover', ['a:ready:3', 'b:ready:2'], ['b']],
    ['spillover: nothing that is being stopped', 'spillover', ['a:stopping', 'b:stopped'], ['b']],
    ['spillover: what stops and is to come again counts', 'spillover', ['a:coming:1', 'b:stopping'], ['a']],
    ['spillover: none when all are being stopped', 'spillover', ['a:stopping', 'b:stuck'], []],
    ["spillover: a peer's model without requests is cold", 'spillover', ['a', 'b:ready'], ['b']],
  ])('%s', (_what, strategy, candidates, expected) => {
    expect(chosen(strategy, 1, 0, ...candidates)).toEqual(expected)
  })

  test('more than one request may be on a target before the next is started', () => {
    expect(chosen('spillover', 2, 0, 'a:ready:1', 'b:stopped')).toEqual(['a'])
    expect(chosen('spillover', 2, 0, 'a:ready:2', 'b:stopped')).toEqual(['b'])
  })

  test('equals take turns', () => {
    const pair = ['a:ready', 'b:ready']
    expect([0, 1, 2].map((turn) => chosen('spillover', 1, turn, ...pair)[0])).toEqual(['a', 'b', 'a'])
  })
})
