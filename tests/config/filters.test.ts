import { describe, expect, test } from 'vitest'
import { load, model, problems } from '../support/config.ts'

describe('filters (§7.3)', () => {
  test.each([
    ['stripParams: "temperature, top_p"', [['temperature'], ['top_p']]],
    ['stripParams: " b ,, a,b , model,"', [['a'], ['b']]],
    ['stripParams: ""', []],
    ['stripParams: ~', []],
    ['strip_params: "a"', [['a']]],
    ['stripParams: "", strip_params: "a"', [['a']]],
    ['stripParams: "b", strip_params: "a"', [['b']]],
    ['stripParams: "a.b"', [['a', 'b']]],
  ])('%s', (filters, strip) => {
    expect(model(`filters: {${filters}}`).filters.strip).toEqual(strip)
  })

  test('what is set is sorted, keeps its spelling, and never is the model', () => {
    const { set } = model('filters: {setParams: {zz: 1.0, model: other, aa: [x, 9007199254740993], b: ~}}').filters
    expect(set).toEqual([
      { path: ['aa'], json: '["x",9007199254740993]' },
      { path: ['b'], json: 'null' },
      { path: ['zz'], json: '1.0' },
    ])
  })

  test('what is set by name keeps the names apart', () => {
    const { setById } = model('filters: {setParamsByID: {"m:high": {effort: high, model: x}, m: ~}}').filters
    expect([...setById]).toEqual([
      ['m:high', [{ path: ['effort'], json: '"high"' }]],
      ['m', []],
    ])
  })

  test('peers have them too, without becoming names (§7.3)', () => {
    const { peers, aliases } = load(
      'peers: {p: {proxy: "http://h", models: [m], filters: {stripParams: a, setParamsByID: {q: {b: 1}}}}}',
    )
    expect(peers.get('p')?.filters).toEqual({
      strip: [['a']],
      set: [],
      setById: new Map([['q', [{ path: ['b'], json: '1' }]]]),
    })
    expect(aliases.size).toBe(0)
  })

  test.each([
    ['stripParams: [a]', 'filters.stripParams: expected text'],
    ['setParams: [a]', 'filters.setParams: expected a mapping'],
    ['setParamsByID: {m: 1}', 'filters.setParamsByID.m: expected a mapping'],
    ['setParams: {a: .nan}', 'filters.setParams.a: `.nan` has no place in JSON'],
  ])('%s is a mistake', (filters, message) => {
    expect(problems(`models: {m: {cmd: x, proxy: "http://h", filters: {${filters}}}}`).join()).toContain(message)
  })
})

describe('the paths of parameters (§13.5, server §8.3)', () => {
  test.each([
    ['a', ['a']],
    ['a.b.c', ['a', 'b', 'c']],
    ['messages.0.content', ['messages', 0, 'content']],
    ['list.-1', ['list', -1]],
    ['a\\.b', ['a.b']],
    ['a\\\\.b', ['a\\', 'b']],
    ['a\\*', ['a*']],
    ['logit_bias.:198', ['logit_bias', '198']],
    ['a.\\1', ['a', '1']],
    ['007', ['007']],
    ['a b', ['a b']],
    ['__proto__.x', ['__proto__', 'x']],
  ])('%s', (written, path) => {
    expect(model(`filters: {setParams: {'${written}': 1}}`).filters.set).toEqual([{ path, json: '1' }])
  })

  test.each(['a|b', 'a.#', '@this', 'a*', 'b.?', '', 'a..b', '.a', 'a.', 'a.:', 'a\\'])(
    '%j would fail every request, and is refused at load (W9)',
    (written) => {
      const [problem, ...others] = problems(
        `models:\n  m:\n    cmd: x\n    proxy: "http://h"\n    filters: {setParams: {'${written}': 1}}`,
      )
      expect(problem).toMatch(/^5:27 models\.m\.filters\.setParams\.?/)
      expect(problem).toContain(`\`${written}\``)
      expect(others).toEqual([])
    },
  )

  test('in what is stripped as well', () => {
    expect(problems('peers: {p: {proxy: "http://h", models: [m], filters: {stripParams: "a, b*"}}}')).toEqual([
      '1:55 peers.p.filters.stripParams: `b*` names no single parameter: write `\\*` for the character `*` itself',
    ])
  })
})
