import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Matrix, SetExpression } from '../../../config/config.ts'
import { parseConfig } from '../../../config/load.ts'
import { coexist } from '../../../config/matrix/coexist.ts'
import { matrixChooser } from '../../../machines/policy/matrix.ts'
import { candidatesOf, chooseByEnumeration, matrices, matrixOf, residents } from '../../support/matrix.ts'
import { id } from '../../support/settings.ts'
import { conform } from './planner.case.ts'

const names = 'abcdef'
const words = (text: string) => text.split(' ').filter(Boolean).map(id)

conform('matrix', {
  worlds: matrices(names).map((matrix) => ({
    router: { use: 'matrix', ...matrix },
    mustStay: (target, _model, resident) =>
      [...candidatesOf(matrix)].some(({ members }) => [target, ...resident].every((model) => members.has(model))),
  })),
  isMonotone: false,
})

describe('worked examples (§12.6)', () => {
  const costly = 'evict_costs: {t: 40, giant: 25}'
  const sol1 = matrixOf(
    'chat code tts draw rank giant lone',
    `vars: {c: chat, d: code, t: tts}\n${costly}\nsets:\n  a_talk: (c | d) & t\n  b_rank: c & t & rank\n  c_art: (c | d) & draw\n  d_solo: giant`,
  )
  const sol2 = matrixOf('t p q r', 'sets: {s: t & (p | q | r)}')
  const sol3 = matrixOf('t p q r', 'sets: {one: t & p | t & q & r}')
  const sol4 = matrixOf('t p q', 'sets: {x1: t & p, x2: t & q}')
  const sol5 = matrixOf('t p q', 'sets: {x1: t & p, x2: t & q}\nevict_costs: {p: 1, q: 3}')
  const sol6 = matrixOf('a b c d', 'sets: {base: a | b, full: +base & c, more: +full & d}')
  const sol7 = matrixOf('a b c', 'sets: {uses: +later | a & b, later: a & c}')
  const sol8 = matrixOf('a b c', 'sets: {zeta: a & b, beta: a & c}')

  test.each<
    [
      name: string,
      Matrix,
      target: string,
      running: string,
      set: string | null,
      members: string,
      evict: string,
      cost: number,
    ]
  >([
    ['SOL1', sol1, 'chat', '', 'a_talk', 'chat tts', '', 0],
    ['SOL1', sol1, 'code', 'chat tts', 'a_talk', 'code tts', 'chat', 1],
    ['SOL1', sol1, 'rank', 'code tts', 'b_rank', 'chat rank tts', 'code', 1],
    ['SOL1', sol1, 'draw', 'chat tts', 'c_art', 'chat draw', 'tts', 40],
    ['SOL1', sol1, 'giant', 'chat rank tts', 'd_solo', 'giant', 'chat rank tts', 42],
    ['SOL1', sol1, 'tts', 'giant', 'a_talk', 'chat tts', 'giant', 25],
    ['SOL1', sol1, 'lone', 'chat tts', null, 'lone', 'chat tts', 0],
    ['SOL1', sol1, 'chat', 'lone tts', 'a_talk', 'chat tts', 'lone', 1],
    ['SOL1', sol1, 'chat', 'chat draw tts', null, 'chat draw tts', '', 0],
    ['SOL1', sol1, 'code', 'draw tts', 'a_talk', 'code tts', 'draw', 1],
    ['SOL1', sol1, 'chat', 'draw rank', 'b_rank', 'chat rank tts', 'draw', 1],
    ['SOL1', sol1, 'tts', 'chat code', 'a_talk', 'chat tts', 'code', 1],
    ['SOL1', sol1, 'rank', 'giant lone', 'b_rank', 'chat rank tts', 'giant lone', 26],
    ['SOL2', sol2, 't', '', 's', 'p t', '', 0],
    ['SOL2', sol2, 't', 'q', 's', 'q t', '', 0],
    ['SOL2', sol2, 't', 'q r', 's', 'q t', 'r', 1],
    ['SOL2', sol2, 't', 'p q r', 's', 'p t', 'q r', 2],
    ['SOL3', sol3, 't', 'p', 'one', 'p t', '', 0],
    ['SOL3', sol3, 't', 'p q', 'one', 'p t', 'q', 1],
    ['SOL3', sol3, 't', 'p q r', 'one', 'q r t', 'p', 1],
    ['SOL4', sol4, 't', 'p q', 'x1', 'p t', 'q', 1],
    ['SOL4', sol4, 't', 'q', 'x2', 'q t', '', 0],
    ['SOL5', sol5, 't', 'p q', 'x2', 'q t', 'p', 1],
    ['SOL6', sol6, 'd', 'a c', 'more', 'a c d', '', 0],
    ['SOL6', sol6, 'd', 'b', 'more', 'b c d', '', 0],
    ['SOL6', sol6, 'c', 'a b', 'full', 'a c', 'b', 1],
    ['SOL7', sol7, 'a', '', 'later', 'a c', '', 0],
    ['SOL7', sol7, 'a', 'b', 'uses', 'a b', '', 0],
    ['SOL7', sol7, 'a', 'b c', 'later', 'a c', 'b', 1],
    ['SOL8', sol8, 'a', '', 'zeta', 'a b', '', 0],
    ['SOL8', sol8, 'a', 'b c', 'zeta', 'a b', 'c', 1],
  ])('%s: %4$s beside %5$j', (_name, matrix, target, running, set, members, evict, cost) => {
    expect(matrixChooser(matrix)(id(target), words(running))).toEqual({
      set,
      members: words(members),
      evict: words(evict),
      cost,
      isGuess: false,
    })
  })

  test('coexistence', () => {
    expect(
      ['chat tts rank', 'chat code', 'lone', 'chat draw tts'].map((models) => coexist(sol1, words(models))),
    ).toEqual([true, false, false, false])
    expect(['b c d', 'a b'].map((models) => coexist(sol6, words(models)))).toEqual([true, false])
  })
})

test.each([
  ['chat', 'talk', 'chat tts', 'code', 1],
  ['org/draw:xl', 'paint', 'code org/draw:xl', 'tts', 40],
  ['giant', 'alone', 'giant', 'code tts', 41],
])('the example of docs/matrix.md chooses as it says: %s', (target, set, members, evict, cost) => {
  const [, yaml] = /```yaml\n(.*?)```/s.exec(readFileSync('docs/matrix.md', 'utf8')) ?? []
  const { router } = parseConfig(yaml!, 'docs/matrix.md').config.routing
  const choose = matrixChooser(router as Extract<typeof router, { use: 'matrix' }>)
  expect(choose(id(target), words('code tts'))).toMatchObject({
    set,
    members: words(members),
    evict: words(evict),
    cost,
  })
})

describe('choosing (§12.4)', () => {
  const evicted = (matrix: Matrix, target: string, running: string) =>
    matrixChooser(matrix)(id(target), words(running)).evict.join(' ')

  test('the order of the document decides ties, and not that of the names', () => {
    const matrix = matrixOf('t p q', 'sets: {s10: t & p, s9: t & q}')
    expect(evicted(matrix, 't', 'p q')).toBe('q')
  })

  test('the order of the family decides ties, and no larger member displaces an earlier one', () => {
    const matrix = matrixOf('t p q r', 'sets: {s: t & (p | q | p & r) & r}')
    expect(evicted(matrix, 't', 'p q r')).toBe('q')
  })

  test('a model may be spared because more of its set run: this planner is not monotone', () => {
    const matrix = matrixOf('t p q r', 'sets: {one: t & p | t & q & r}')
    expect(evicted(matrix, 't', 'p q')).toBe('q')
    expect(evicted(matrix, 't', 'p q r')).toBe('p')
  })

  test('it agrees with plain enumeration on small programs, ties included', () => {
    fc.assert(
      fc.property(
        matrices(names),
        fc.constantFrom(...words('a b c d e f x')),
        residents(names),
        (matrix, target, resident) => {
          const { isGuess, ...choice } = matrixChooser(matrix)(target, resident)
          expect(isGuess).toBe(false)
          expect(choice).toEqual(chooseByEnumeration(matrix, target, resident))
        },
      ),
      { numRuns: 10_000 },
    )
  })
})

describe('size (§12.4)', () => {
  const seats = (count: number, models: number) =>
    Array.from({ length: count }, (_, seat) => Array.from({ length: models }, (_, index) => `m${seat}-${index}`))
  const alternatives = (groups: readonly (readonly string[])[]) =>
    groups.map((group) => `(${group.join(' | ')})`).join(' & ')

  test('ten groups of ten alternatives, with all hundred running: one of each stays', () => {
    const groups = seats(10, 10)
    const matrix = matrixOf(groups.flat().join(' '), `sets:\n  s: ${alternatives(groups)}`)
    const resident = groups.flat().slice(1).map(id)
    const choice = matrixChooser(matrix)(id('m0-0'), resident)
    expect(choice).toMatchObject({ isGuess: false, cost: 90 })
    expect(choice.members).toEqual(groups.map(([first]) => id(first!)))
  })

  test('more than 64 running models that all fit, and one that does not', () => {
    const all = seats(1, 200)[0]!
    const matrix = matrixOf([...all, 'odd'].join(' '), `sets:\n  s: ${all.join(' & ')}`)
    expect(evictedOf(matrix, all[150]!, [...all.filter((name) => name !== all[150]), 'odd'])).toEqual([id('odd')])
  })

  test('sets that double with every reference are answered all the same', () => {
    const lines = Array.from({ length: 60 }, (_, n) => `  s${n + 1}: +s${n} & +s${n} | +s${n}`)
    const matrix = matrixOf('a b c t', `sets:\n  s0: a | b\n${lines.join('\n')}\n  last: +s60 & t`)
    expect(matrixChooser(matrix)(id('t'), words('a b c'))).toMatchObject({
      evict: [id('c')],
      set: 'last',
      isGuess: false,
    })
  })

  test('with too much to compare, the first that holds the model is taken as if nothing ran, and it says so', () => {
    const all = seats(1, 30)[0]!
    const anyFive = alternatives(Array.from({ length: 10 }, () => all))
    const matrix = matrixOf([...all, 't'].join(' '), `sets:\n  s: ${anyFive} & t`)
    const choice = matrixChooser(matrix)(id('t'), all.map(id))
    expect(choice).toMatchObject({ isGuess: true, set: 's', members: words('m0-0 t'), cost: 29 })
    expect(choice.evict).toEqual(all.slice(1).map(id))
  })

  test('a long list of plain sets is compared to its end', () => {
    const models = seats(1, 40)[0]!
    const list: SetExpression[] = Array.from({ length: 60_000 }, (_, index) =>
      all(models[index % 40]!, models[(index * 7) % 39]!),
    )
    const sets = [
      { id: 'list', expression: { type: 'any', of: list } as const },
      { id: 'last', expression: all('t', 'm0-39') },
    ]
    const matrix: Matrix = { sets, costs: [] }
    expect(matrixChooser(matrix)(id('t'), words('m0-1 m0-39'))).toMatchObject({ evict: words('m0-1'), isGuess: false })
    expect(matrixChooser(matrix)(id('m0-0'), models.slice(1).map(id))).toMatchObject({ cost: 38, isGuess: false })
  })
})

function evictedOf(matrix: Matrix, target: string, running: readonly string[]) {
  return matrixChooser(matrix)(id(target), running.map(id)).evict
}

function all(...models: readonly string[]): SetExpression {
  return { type: 'all', of: models.map((model) => ({ type: 'model', model: id(model) })) }
}
