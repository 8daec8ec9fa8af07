import { describe, expect, test } from 'vitest'
import { printExpression } from '../../../config/matrix/print.ts'
import { load, problems, warnings } from '../../support/config.ts'

const models =
  'models: {chat: &m {cmd: x, proxy: "http://h"}, code: *m, tts: *m, org/art:v1: *m, big: {<<: *m, aliases: [gpt]}}'

/** The sets as they are understood, and the costs. */
function read(yaml: string) {
  const { router } = load(`${models}\n${yaml}`).routing
  if (router.use !== 'matrix') throw new Error('not a matrix')
  return {
    sets: router.sets.map(({ id, expression }) => `${id}: ${printExpression(expression)}`),
    costs: Object.fromEntries(router.costs.map(({ model, cost }) => [model, cost])),
  }
}

/** Every problem; the models are line 1. */
const problemsOf = (yaml: string) => problems(`${models}\n${yaml}`)

describe('matrix (§12.1, §12.2)', () => {
  test('vars are short names, and ids can be used as they are', () => {
    const { sets } = read('matrix: {vars: {c: chat, a_1: org/art:v1}, sets: {s: "c & a_1 & tts"}}')
    expect(sets).toEqual(['s: chat & "org/art:v1" & tts'])
  })

  test('ids with other characters are quoted', () => {
    expect(read(`matrix: {sets: {s: 'chat & "org/art:v1"'}}`).sets).toEqual(['s: chat & "org/art:v1"'])
  })

  test('a var hides an id of the same spelling, in sets and costs', () => {
    expect(read('matrix: {vars: {chat: code}, evict_costs: {chat: 7}, sets: {s: chat}}')).toEqual({
      sets: ['s: code'],
      costs: { code: 7 },
    })
  })

  test('costs go by var or id', () => {
    expect(read('matrix: {vars: {c: chat}, evict_costs: {c: 40, tts: 2}, sets: {s: c}}').costs).toEqual({
      chat: 40,
      tts: 2,
    })
  })

  test('a set may be any scalar', () => {
    const yaml = 'models: {"1.5": {cmd: x, proxy: "http://h"}}\nmatrix: {sets: {s: 1.5}}'
    expect(load(yaml).routing.router).toMatchObject({
      sets: [{ id: 's', expression: { type: 'model', model: '1.5' } }],
    })
  })

  test.each([
    ['{one: chat, two: code, three: tts}', 'one two three'],
    ['{zeta: chat, s10: code, s9: tts, Alpha: big}', 'zeta s10 s9 Alpha'],
    ['{uses: "+later | chat", later: code}', 'later uses'],
    ['{a: "+c & +b", b: chat, c: "+d", d: tts}', 'd c b a'],
    ['{a: "+b | +c | +b", b: "+c", c: chat}', 'c b a'],
  ])('sets keep the order of the document, each after those it refers to: %s', (sets, order) => {
    expect(read(`matrix: {sets: ${sets}}`).sets.map((set) => set.split(':')[0])).toEqual(order.split(' '))
  })

  test.each([
    ['matrix: {}', '2:1 matrix.sets: a matrix needs at least one set of models'],
    ['matrix: {sets: {}}', '2:10 matrix.sets: a matrix needs at least one'],
    ['matrix: {sets: [a]}', '2:10 matrix.sets: expected a mapping'],
    ['matrix: {sets: {s: [chat]}}', '2:17 matrix.sets.s: expected text'],
    ['matrix: {sets: {s: }}', '2:20 matrix.sets.s: is empty'],
    ['matrix: {sets: {s: ~}}', '2:20 matrix.sets.s: is empty'],
    ['matrix: {sets: {s: " "}}', '2:21 matrix.sets.s: is empty'],
    ['matrix: {sets: {s: chat & code/2}}', '2:31 matrix.sets.s: `/` at offset 11 cannot stand there'],
    ['matrix: {sets: {s: chat & cod}}', '2:27 matrix.sets.s: there is no model `cod`: did you mean `code`?'],
    ['matrix: {sets: {s: chat & q}}', '2:27 matrix.sets.s: there is no model `q`'],
    ['matrix: {sets: {s: chat & gpt}}', '2:27 matrix.sets.s: `gpt` is an alias: write the id of the model, `big`'],
    ['matrix: {sets: {base: chat, s: base & tts}}', '2:32 matrix.sets.s: `base` is a set: write `+base`'],
    [
      'matrix: {sets: {base: chat, s: +bsae & tts}}',
      '2:32 matrix.sets.s: there is no set `bsae`: did you mean `+base`?',
    ],
    ['matrix: {sets: {s: +chat}}', '2:20 matrix.sets.s: there is no set `chat`'],
    ['matrix: {sets: {s: chat | +s}}', '2:27 matrix.sets.s: the sets refer to each other in a circle: s -> s'],
    [
      'matrix: {sets: {a: +b, b: "chat & +c", c: +b}}',
      '2:43 matrix.sets.c: the sets refer to each other in a circle: b -> c -> b',
    ],
    ['matrix: {vars: {"a b": chat}, sets: {s: chat}}', '2:17 matrix.vars.a b: `a b` cannot be a var'],
    ['matrix: {vars: {é: chat}, sets: {s: chat}}', '2:17 matrix.vars.é: `é` cannot be a var'],
    [`matrix: {vars: {${'x'.repeat(33)}: chat}, sets: {s: chat}}`, `2:17 matrix.vars.${'x'.repeat(33)}: `],
    ['matrix: {vars: {c: chta}, sets: {s: c}}', '2:17 matrix.vars.c: there is no model `chta`: did you mean `chat`?'],
    [
      'matrix: {vars: {g: gpt}, sets: {s: g}}',
      '2:17 matrix.vars.g: `gpt` is an alias: write the id of the model, `big`',
    ],
    ['matrix: {vars: {a: chat, b: a}, sets: {s: b}}', '2:26 matrix.vars.b: there is no model `a`'],
    ['matrix: {evict_costs: {x: 2}, sets: {s: chat}}', '2:24 matrix.evict_costs.x: there is no model `x`'],
    ['matrix: {evict_costs: {gpt: 2}, sets: {s: chat}}', '2:24 matrix.evict_costs.gpt: `gpt` is an alias'],
    [
      'matrix: {evict_costs: {chat: 0}, sets: {s: chat}}',
      '2:24 matrix.evict_costs.chat: must be at least 1, and this is 0',
    ],
    [
      'matrix: {evict_costs: {chat: -3}, sets: {s: chat}}',
      '2:24 matrix.evict_costs.chat: must be at least 1, and this is -3',
    ],
    ['matrix: {evict_costs: {chat: 1.5}, sets: {s: chat}}', '2:24 matrix.evict_costs.chat: expected a whole number'],
    [
      'matrix: {vars: {c: chat}, evict_costs: {c: 2, chat: 2}, sets: {s: chat}}',
      '2:47 matrix.evict_costs.chat: `chat` and `c` are one model, `chat`: keep one of the costs',
    ],
    [
      'matrix: {vars: {c: chat, d: chat}, evict_costs: {c: 2, d: 3}, sets: {s: chat}}',
      '2:56 matrix.evict_costs.d: `d` and `c` are one model',
    ],
  ])('%s is a mistake, and has its place', (yaml, problem) => {
    const found = problemsOf(yaml)
    expect(found[0]?.slice(0, problem.length)).toBe(problem)
    expect(found).toHaveLength(1)
  })

  test.each([
    ['a plain scalar over lines', 's: chat\n      & code\n      & nope', '6:9'],
    ['a literal block', 's: |-\n      chat &\n\n      nope', '7:7'],
    ['a folded block', 's: >\n      chat &\n        nope &\n      code', '6:9'],
    ['single quotes', `s:   'chat & "x''y" & nope'`, '4:26'],
    ['double quotes with escapes', String.raw`s: "\"chat\" &\tnope"`, '4:21'],
    ['an escape that hides a sign, where the set begins,', String.raw`s: "chat \u0026 nope"`, '4:8'],
  ])('a mistake in %s has its line and column', (_what, set, place) => {
    const yaml = `matrix:\n  sets:\n    ${set.replace("x''y", 'tts')}`
    expect(problemsOf(yaml).join()).toMatch(new RegExp(`^${place} matrix.sets.s: there is no model \`nope\``))
  })

  test('all mistakes of a matrix are told at once', () => {
    expect(problemsOf('matrix:\n  vars: {c: x}\n  evict_costs: {y: 1}\n  sets: {s: c & , t: +u}')).toHaveLength(4)
  })
})

describe('routing (§7.7)', () => {
  const matrix = 'matrix: {sets: {s: chat & code}}'

  test.each([
    ['the old place', matrix],
    ['the new place', `routing: {router: {use: matrix, settings: {${matrix}}}}`],
    ['the old place, with a scheduler', `${matrix}\nrouting: {scheduler: {use: fifo}}`],
    ['the old place, with groups that are empty', `${matrix}\ngroups: {}`],
    [
      'the new place, beside groups that do not count',
      `routing: {router: {use: matrix, settings: {${matrix}, groups: {g: {members: [nobody]}}}}}`,
    ],
    [
      'the new place, with a matrix that is null in the old one',
      `matrix: ~\nrouting: {router: {use: matrix, settings: {${matrix}}}}`,
    ],
  ])('a matrix is read from %s', (_where, yaml) => {
    expect(read(yaml).sets).toEqual(['s: chat & code'])
  })

  test.each([
    ['use: group', `routing: {router: {use: group, settings: {matrix: {sets: {s: nobody}}}}}`],
    ['no use at all', `routing: {router: {settings: {matrix: {sets: {s: nobody}}}}}`],
    ['no matrix', 'matrix:'],
  ])('with %s, groups say who may run together', (_what, yaml) => {
    expect(load(`${models}\n${yaml}`).routing.router.use).toBe('group')
  })

  test('an empty matrix is one, without sets', () => {
    const yaml = 'routing: {router: {use: matrix, settings: {matrix: {}}}}'
    expect(problemsOf(yaml)).toEqual([
      '2:44 routing.router.settings.matrix.sets: a matrix needs at least one set of models',
    ])
  })

  test('a matrix that nobody asks for is a warning', () => {
    const yaml = `${models}\nrouting: {router: {settings: {${matrix}}}}`
    expect(warnings(yaml)).toEqual([
      '2:31 routing.router.settings.matrix: counts for nothing: `routing.router.use: matrix` is missing',
    ])
  })
})

describe('spillover under a matrix (§7.15)', () => {
  const selector = (targets: string) => `selectors: {s: {strategy: spillover, targets: [${targets}]}}`
  const matrix = 'matrix: {sets: {s: (chat | code) & tts}}'

  test.each(['chat, tts', 'code, tts', 'big'])('targets that one set holds together are fine: %s', (targets) => {
    expect(load(`${models}\n${matrix}\n${selector(targets)}`).selectors.size).toBe(1)
  })

  test.each(['chat, code', 'chat, tts, code', 'chat, big'])('others are a mistake: %s', (targets) => {
    expect(problemsOf(`${matrix}\n${selector(targets)}`)).toEqual([
      '3:38 selectors.s.targets: they must be able to run at the same time, but no set of the matrix holds all of them',
    ])
  })
})
