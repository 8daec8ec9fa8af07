import { expect, test } from 'vitest'
import type { SwapId } from '../../../machines/ids.ts'
import { openLedger, residentBefore, type Swap, withRecord } from '../../../machines/policy/ledger.ts'
import { id, settings } from '../../support/settings.ts'

const swap = (number: number, target: string): Swap => ({
  id: number as SwapId,
  target: id(target),
  evict: [],
  since: 0,
  waiters: [],
  aborting: false,
})

test('what took a place when a swap was decided: the living, and the targets of earlier swaps, but not its own', () => {
  const [first, second, third] = [swap(7, 'c'), swap(8, 'a'), swap(9, 'd')]
  const presence = { state: 'stopping', swap: 3 as SwapId } as const
  const ledger = withRecord({ ...openLedger(settings('abcd')), swaps: [first, second, third] }, id('b'), { presence })
  expect([first, second, third].map((swap) => residentBefore(ledger, swap))).toEqual([
    ['b'],
    ['b', 'c'],
    ['a', 'b', 'c'],
  ])
})
