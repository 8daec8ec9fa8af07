import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { release } from '../../../machines/policy/rules/lease.ts'
import type { Checkpoint } from '../../../machines/trace/frame.ts'
import { histories, live, traceOfHistory, worlds } from '../../support/history.ts'
import { mutant } from '../../support/mutant.ts'
import { id, settings } from '../../support/settings.ts'
import { replay, traceOf } from '../../support/trace.ts'
import { World } from '../../support/world.ts'

const [a, b] = [id('a'), id('b')]

/** One seat, two models, two swaps. */
function swaps(): World {
  const world = new World(settings('ab', { all: { ttlMs: 60_000 } }))
  world.release(world.load(a))
  world.clock.advance(1_000)
  world.release(world.load(b))
  world.request(a)
  world.obey(b)
  world.clock.advance(130_000)
  return world
}

const trace = traceOf(swaps().lines, settings('ab', { all: { ttlMs: 60_000 } }))
  .trimEnd()
  .split('\n')
const lineOf = (text: string) => trace.findIndex((line) => line.includes(text)) + 1

/** The trace, in which the line of this number became other ones. */
function altered(number: number, ...lines: string[]): string {
  return trace.toSpliced(number - 1, 1, ...lines).join('\n')
}

describe('what was recorded happens again', () => {
  test('in random histories', () => {
    fc.assert(
      fc.property(worlds, histories, (settings, history) => {
        expect(replay(traceOf(live(settings, history).lines, settings))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  test('from a checkpoint at any point of a history, to the same state in the end', () => {
    fc.assert(
      fc.property(worlds, histories, fc.nat(), (settings, history, choice) => {
        const points: { readonly index: number; readonly checkpoint: Checkpoint }[] = []
        const world = live(settings, history, undefined, ({ lines, engine }) => {
          points.push({ index: lines.length, checkpoint: engine.checkpoint() })
        })
        const from = points[choice % Math.max(1, points.length)]
        if (!from) return
        const rest = world.lines.slice(from.index)
        expect(replay(traceOf([from.checkpoint, ...rest, world.engine.checkpoint()], settings))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  test('with the keys of an object in another order', () => {
    const line = lineOf('"grant.serve"')
    const { type, ...rest } = JSON.parse(trace[line - 1]!)
    expect(replay(altered(line, JSON.stringify({ ...rest, type })))).toBeUndefined()
  })

  test('in runs that follow each other', () => {
    expect(replay([...trace, ...trace].join('\n'))).toBeUndefined()
  })

  test('after lines that were dropped, wherever they began, if a new run follows them', () => {
    for (const end of [trace.length, lineOf('"swap.start"')]) {
      const lines = [...trace.slice(0, end), '{"type":"dropped","lines":5}', ...trace]
      expect(replay(lines.join('\n'))).toBeUndefined()
    }
  })
})

describe('the first difference is found', () => {
  test('when an input is missing', () => {
    const line = lineOf('"child.ready"')
    expect(replay(altered(line))).toMatchObject({ kind: 'missing', line, replayed: null })
  })

  test('when an output is missing', () => {
    const line = lineOf('"grant.serve"')
    expect(replay(altered(line))).toMatchObject({ kind: 'extra', line, replayed: trace[line - 1] })
  })

  test('when the last output is missing', () => {
    const whole = trace.slice(0, lineOf('"child.probe"'))
    expect(replay(whole.join('\n'))).toBeUndefined()
    const difference = replay(whole.slice(0, -1).join('\n'))
    expect(difference).toMatchObject({ kind: 'extra', line: whole.length, recorded: null, replayed: whole.at(-1) })
  })

  test('when an output is another one, with what led to it', () => {
    const line = lineOf('"grant.serve"')
    const other = trace[line - 1]!.replace('"request":1', '"request":7')
    const difference = replay(altered(line, other))
    expect(difference).toMatchObject({
      kind: 'other',
      line,
      recorded: other,
      replayed: trace[line - 1],
      cause: { line: lineOf('"child.ready"') },
    })
    expect(difference?.ledgers.before.models[0]).toMatchObject({ presence: { state: 'starting' }, leases: [] })
    expect(difference?.ledgers.after.models[0]).toMatchObject({ presence: { state: 'ready' }, leases: [1] })
  })

  test('when a timer rings that does not run', () => {
    const line = lineOf('"healthDeadline"')
    const other = trace[line - 1]!.replace('healthDeadline', 'idleTime')
    expect(replay(altered(line, other))).toMatchObject({ kind: 'timer', line, recorded: other })
  })

  test('when an actor is in another state than a checkpoint has it', () => {
    const text = JSON.stringify(swaps().engine.checkpoint())
    expect(replay([...trace, text].join('\n'))).toBeUndefined()
    const other = text.replace('"graceMs":10000', '"graceMs":10001')
    expect(other).not.toBe(text)
    expect(replay([...trace, other].join('\n'))).toMatchObject({ kind: 'state', line: trace.length + 1 })
  })

  test('when the machines have a bug that was not there', () => {
    const machine = mutant('release', (ledger) => [ledger, []])
    expect(replay(trace.join('\n'), { machine })).toBeDefined()
    expect(replay(trace.join('\n'), { machine: mutant('release', release) })).toBeUndefined()
  })
})

test('a history that breaks an invariant becomes a trace that ends where it broke', () => {
  const machine = mutant('release', (ledger) => [ledger, []])
  const steps = [
    ['request', 0],
    ['ready', 0],
    ['release', 0],
    ['request', 0],
    ['request', 0],
  ] as const
  const broken = traceOfHistory(settings('a'), steps, machine)
  expect(broken).toContain('{"type":"serve.done"')
  expect(broken).not.toContain('"request":2')
  expect(replay(broken, { machine })).toBeUndefined()
})

test('a system that failed fails again in the same way', () => {
  const machine = mutant('release', () => {
    throw new Error('a bug')
  })
  const world = new World(settings('a'), machine)
  world.release(world.load(a))
  expect(world.lines.at(-1)).toEqual({ type: 'failed', error: 'Error: a bug' })
  const failed = traceOf(world.lines, settings('a'))
  expect(replay(failed, { machine })).toBeUndefined()
  expect(replay(failed)).toMatchObject({ kind: 'missing', recorded: '{"type":"failed","error":"Error: a bug"}' })
})
