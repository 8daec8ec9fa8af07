import { expect, test } from 'vitest'
import { processMachine } from '../../machines/process.ts'
import { routerMachine } from '../../machines/router.ts'
import { schedulerMachine } from '../../machines/scheduler.ts'
import { swapMachine } from '../../machines/swap.ts'
import { assignLanes } from '../../ui/inspect/chart/lanes.ts'
import { commonOf, isWithin, leavesOf, outlineOf, type StateOutline } from '../../ui/inspect/chart/outline.ts'

function every(outline: StateOutline): readonly StateOutline[] {
  return [outline, ...outline.states.flatMap(every)]
}

function inWords({ path, isInitial, invokes, transitions }: StateOutline): readonly string[] {
  const head = `${isInitial ? '*' : ''}${path}${invokes.length > 0 ? ` runs ${invokes}` : ''}`
  return [head, ...transitions.map(({ kind, event, guard, target }) => `  ${kind} ${event} ${guard ?? ''} > ${target}`)]
}

test('the outline of a machine has its states, and what leads from one to another', () => {
  const alive = every(outlineOf(processMachine)).filter(({ path }) => isWithin(path, 'alive'))
  expect(alive.flatMap(inWords)).toEqual([
    'alive runs child',
    '  event child.exited isCurrent > stopped',
    '  event process.stop  > null',
    '*alive.starting runs readiness',
    '  event child.ready isCurrentAndTimed > alive.ready.timed',
    '  event child.ready isCurrent > alive.ready',
    '  event child.exited isCurrent > stopped',
    '  event process.stop isCurrent > alive.stopping',
    '  after healthDeadline  > alive.stopping',
    'alive.ready',
    '  event process.stop isCurrent > alive.stopping',
    '  event process.wind isCurrent > alive.ready.timed',
    '*alive.ready.kept',
    'alive.ready.timed',
    '  after idleTime  > alive.ready.kept',
    'alive.stopping',
    '  event process.stop isCurrent > null',
    '  after stopDeadline  > alive.stuck',
    'alive.stuck',
    '  event process.stop isCurrent > alive.stopping',
  ])
})

test('every state of every machine says what it is, and every transition leads to one', () => {
  for (const machine of [processMachine, swapMachine, schedulerMachine, routerMachine]) {
    const [root, ...states] = every(outlineOf(machine))
    const paths = states.map(({ path }) => path)
    for (const { path, description } of states) expect([path, description]).not.toEqual([path, ''])
    for (const { transitions } of [root!, ...states]) {
      for (const { target } of transitions) if (target !== null) expect(paths).toContain(target)
    }
  }
})

test('a state value names its innermost states', () => {
  expect(leavesOf('open')).toEqual(['open'])
  expect(leavesOf({ alive: { ready: 'kept' } })).toEqual(['alive.ready.kept'])
  expect(leavesOf({ a: 'x', b: { c: 'y' } })).toEqual(['a.x', 'b.c.y'])
  expect(leavesOf({})).toEqual([''])
})

test('an arrow runs along the innermost box that holds both of its ends', () => {
  expect(commonOf('stopped', 'alive')).toBe('')
  expect(commonOf('alive', 'stopped')).toBe('')
  expect(commonOf('alive.starting', 'stopped')).toBe('')
  expect(commonOf('alive.starting', 'alive.ready.timed')).toBe('alive')
  expect(commonOf('alive.ready', 'alive.ready.timed')).toBe('alive.ready')
  expect(commonOf('alive.ready.timed', 'alive.ready.kept')).toBe('alive.ready')
})

test('lines that overlap are in different lanes, the short ones inside', () => {
  const spans = [
    { from: 0, to: 100 },
    { from: 10, to: 20 },
    { from: 30, to: 40 },
    { from: 15, to: 35 },
  ]
  expect(assignLanes(spans)).toEqual([2, 0, 0, 1])
  expect(assignLanes([])).toEqual([])
})
