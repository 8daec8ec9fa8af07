import { expect, test } from 'vitest'
import { inTurn, type Measurement, tabulate } from '../../bench/measure/measurement.ts'
import { pairwise, quantile, spread } from '../../bench/measure/statistics.ts'
import { ratiosOf, slower } from '../../bench/report/baseline.ts'
import { renderTables } from '../../bench/report/table.ts'

function measured(hotseat: number[], floor: number[], quantity = 'CPU per request'): Measurement {
  return { case: 'small JSON', quantity, unit: 'µs', values: new Map(Object.entries({ hotseat, floor })) }
}

test('a disturbance of a whole round does not change the ratio', () => {
  const [calm, stormy] = [measured([20, 20, 20], [10, 10, 10]), measured([20, 200, 24], [10, 100, 12])]
  expect(ratiosOf([calm])).toEqual(ratiosOf([stormy]))
  expect(ratiosOf([calm])).toEqual({ 'small JSON: CPU per request': 2 })
})

test('what is more than a quarter slower is named, and what is not watched is not', () => {
  const baseline = ratiosOf([measured([10], [10])])
  const at = (ratio: number) => slower(baseline, ratiosOf([measured([ratio], [1])]))
  expect([at(0.5), at(1.25)]).toEqual([[], []])
  expect(at(1.26)).toEqual(['small JSON: CPU per request: 1.26 times the floor, and the baseline is 1'])
  expect(slower(baseline, ratiosOf([measured([9], [1], 'median latency')]))).toEqual([])
  expect(slower({}, baseline)).toHaveLength(1)
})

test('everyone is measured in each round, in an order that turns round, and the first does not count', async () => {
  const order: string[] = []
  const samples = await inTurn(['a', 'b'], 2, async (name) => ({ value: order.push(name) }))
  expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
  expect(samples.get('a')).toEqual([{ value: 4 }, { value: 5 }])
})

test('what is added is above the direct way of the same round', () => {
  const samples = new Map([
    [{ name: 'direct' }, [{ time: 1 }, { time: 5 }]],
    [{ name: 'hotseat' }, [{ time: 3 }, { time: 6 }]],
  ])
  const [added] = tabulate('case', [{ name: 'added', unit: 'ms', above: 'time' }], samples)
  expect([...(added?.values ?? [])]).toEqual([['hotseat', [2, 1]]])
})

test('medians and quartiles lie between values', () => {
  expect([quantile([4, 1, 3, 2], 0.5), quantile([], 0.5)]).toEqual([2.5, Number.NaN])
  expect(spread([1, 2, 3, 4, 5])).toEqual({ median: 3, low: 2, high: 4 })
  expect(pairwise([2, 9, 1], [1, 3, 0])).toEqual([2, 3])
})

test('the table shows medians, and the ratio with its spread', () => {
  expect(renderTables([measured([10, 20, 30], [10, 10, 10])])).toBe(
    `### small JSON

|  | hotseat | floor | hotseat ÷ floor |
| --- | ---: | ---: | ---: |
| CPU per request (µs) | 20.0 | 10.0 | **2.00** (1.50–2.50) |`,
  )
})
