import { describe, expect, test } from 'vitest'
import { fields, load, problems } from '../support/config.ts'

const models = `models: {a: {${fields}, aliases: [aa]}, b: {${fields}}}\n`

describe('routing (§7.7)', () => {
  test.each([
    'groups: {}',
    'groups: ~',
    'matrix: ~',
    'routing: ~',
    'routing: {router: {use: ""}}',
    'routing: {router: {use: group}, scheduler: {use: ""}}',
    'groups: {}\nmatrix: ~\nrouting: {router: {use: group}}',
    'routing: {router: {use: group, settings: {matrix: {never: looked at}}}}',
  ])('%s leaves one group of all', (routing) => {
    const { router } = load(models + routing).routing
    expect(router).toMatchObject({ use: 'group', groups: [{ id: '(default)', members: ['a', 'b'] }] })
  })

  test('the scheduler may be set beside groups of the old place', () => {
    const config = load(
      `${models}groups: {g: {members: [a]}}\nrouting: {scheduler: {settings: {fifo: {priority: {b: -3, a: }}}}}`,
    )
    expect([...config.models.values()].map(({ priority }) => priority)).toEqual([0, -3])
  })

  test.each([
    ['groups: {g: {members: [a]}}\nrouting: {router: {use: group}}', 'groups: who may run together is said'],
    ['groups: {g: {members: [a]}}\nrouting: {router: {settings: {matrix: {}}}}', 'under `routing.router` as well'],
    ['matrix: {}\nrouting: {router: {settings: {groups: {g: {members: [a]}}}}}', 'matrix: who may run together is'],
    ['matrix: {}\nrouting: {router: {use: matrix}}', 'under `routing.router` as well'],
    ['groups: {g: {members: [a]}}\nmatrix: {}', 'matrix: there are `groups` as well'],
    ['routing: {router: {use: matrix}}', 'routing.router.use: asks for the matrix'],
    ['routing: {router: {use: matrix, settings: {matrix: ~}}}', 'routing.router.use: asks for the matrix'],
    ['routing: {router: {use: Group}}', 'routing.router.use: expected `group` or `matrix`'],
    ['routing: {scheduler: {use: FIFO}}', 'routing.scheduler.use: expected `fifo`'],
    ['routing: {scheduler: {settings: {fifo: {priority: {a: x}}}}}', 'priority.a: expected a whole number'],
    ['routing: {scheduler: {settings: {fifo: {maxWait: -1}}}}', 'fifo.maxWait: must be at least 0'],
    [
      'peers: {p: {proxy: "http://h", models: [x]}}\nrouting: {scheduler: {settings: {fifo: {priority: {x: 1}}}}}',
      'there is no model `x`',
    ],
  ])('%s is a mistake', (routing, message) => {
    expect(problems(models + routing).join('\n')).toContain(message)
  })

  test('priorities that agree by two names are fine', () => {
    const config = load(`${models}routing: {scheduler: {settings: {fifo: {priority: {a: 4, aa: 4}}}}}`)
    expect(config.models.values().next().value?.priority).toBe(4)
  })
})
