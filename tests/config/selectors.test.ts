import { describe, expect, test } from 'vitest'
import type { Selector } from '../../config/selectors.ts'
import { fields, load, problems } from '../support/config.ts'

const base = `
models: {a: {${fields}, aliases: [aa]}, b: {${fields}}, c: {${fields}}, d: {${fields}}}
groups:
  together: {swap: false, members: [a, b]}
  turns: {members: [c]}
peers: {p: {proxy: "http://h", models: [x, y]}}
`

function selector(written: string): Selector {
  return load(`${base}selectors: {s: ${written}}`).selectors.get('s')!
}

describe('selectors (§7.15)', () => {
  test('every default, and a target as written beside what it means', () => {
    expect(selector('{strategy: pin, targets: [aa, p/x, x]}')).toEqual({
      id: 's',
      strategy: 'pin',
      targets: [
        { name: 'aa', means: { type: 'model', model: 'a' } },
        { name: 'p/x', means: { type: 'peer', peer: 'p', model: 'x' } },
        { name: 'x', means: { type: 'peer', peer: 'p', model: 'x' } },
      ],
      spillover: 1,
      name: '',
      description: '',
      unlisted: false,
      metadata: new Map(),
    })
  })

  test('every field', () => {
    const written = `{strategy: spillover, targets: [a, b, p/x], settings: {spillover: 3}, name: N, description: D,
      unlisted: true, metadata: {k: 1.0}}`
    expect(selector(written)).toMatchObject({
      strategy: 'spillover',
      spillover: 3,
      name: 'N',
      description: 'D',
      unlisted: true,
      metadata: new Map([['k', '1.0']]),
    })
  })

  test.each([
    '{strategy: warm, targets: [c, d]}',
    '{strategy: failover, targets: [c, p/x, y]}',
    '{strategy: spillover, targets: [c]}',
    '{strategy: spillover, targets: [c, p/x]}',
    '{strategy: spillover, targets: [a, b]}',
    '{strategy: pin, targets: [c, c], settings: {spillover: 0}}',
  ])('%s is fine', (written) => {
    expect(selector(written).targets.length).toBeGreaterThan(0)
  })

  test.each([
    ['{targets: [a]}', 'selectors.s.strategy: is missing'],
    ['{strategy: Pin, targets: [a]}', 'selectors.s.strategy: expected one of `pin`'],
    ['{strategy: pin}', 'selectors.s.targets: is empty'],
    ['{strategy: pin, targets: []}', 'selectors.s.targets: is empty'],
    ['{strategy: pin, targets: [a, s]}', 'selectors.s.targets[1]: `s` is a selector'],
    ['{strategy: pin, targets: [zz]}', 'selectors.s.targets[0]: there is no model `zz`'],
    ['{strategy: pin, targets: [a, p/zz]}', 'selectors.s.targets[1]: there is no model `p/zz`'],
    ['{strategy: warm, targets: [a, x]}', 'selectors.s.targets[1]: `x` is a peer'],
    ['{strategy: spillover, targets: [a], settings: {spillover: 0}}', 'settings.spillover: must be at least 1'],
    ['{strategy: spillover, targets: [a, aa]}', '`a` is among them twice'],
    ['{strategy: spillover, targets: [x, p/x]}', '`p/x` is among them twice'],
    ['{strategy: spillover, targets: [c, d]}', '`c` is in the group `turns`, whose members take turns'],
    ['{strategy: spillover, targets: [a, c]}', '`a` and `c` are not in one group'],
    ['{strategy: spillover, targets: [d, a]}', '`d` is in the group `(default)`'],
    ['{strategy: pin, targets: [a], metadata: {k: .inf}}', 'selectors.s.metadata.k: `.inf`'],
    ['[a]', 'selectors.s: expected a mapping'],
  ])('%s is a mistake', (written, message) => {
    expect(problems(`${base}selectors: {s: ${written}}`)).toEqual([expect.stringContaining(message)])
  })

  test.each([
    ['""', 'needs an id'],
    ['a', '`a` is a model'],
    ['aa', '`aa` is an alias of the model `a`'],
  ])('the id %s is a mistake', (id, message) => {
    expect(problems(`${base}selectors: {${id}: {strategy: pin, targets: [b]}}`)).toEqual([
      expect.stringContaining(message),
    ])
  })

  test('the bare name of a peer’s model may be taken', () => {
    expect(load(`${base}selectors: {x: {strategy: pin, targets: [p/x]}}`).selectors.has('x')).toBe(true)
  })
})

describe('profiles (§7.14)', () => {
  const withSelector = `${base}selectors: {s: {strategy: pin, targets: [a]}}\n`

  test('pins may mean models, aliases, peers’ models, selectors or nothing, and shadow models', () => {
    const { profiles } = load(
      `${withSelector}profiles: {night: {description: D, pins: {a: b, q: aa, r: p/x, s: x, t: s, u: ~, v: ""}}}`,
    )
    expect(profiles.get('night')).toEqual({
      id: 'night',
      description: 'D',
      pins: new Map(Object.entries({ a: 'b', q: 'aa', r: 'p/x', s: 'x', t: 's', u: '', v: '' })),
    })
  })

  test.each([
    ['{n: [a, b]}', 'profiles.n: expected a mapping with `pins`'],
    ['{n: }', 'profiles.n.pins: is empty'],
    ['{n: {}}', 'profiles.n.pins: is empty'],
    ['{n: {pins: {}}}', 'profiles.n.pins: is empty'],
    ['{" ": {pins: {a: b}}}', 'a profile needs a name'],
    ['{n: {pins: {" ": b}}}', 'a pin needs a name'],
    ['{n: {pins: {q: zz}}}', 'profiles.n.pins.q: there is no model or selector `zz`, which `q` is to mean'],
    ['{n: {pins: {q: a, r: q}}}', 'profiles.n.pins.r: there is no model or selector `q`'],
  ])('%s is a mistake', (profiles, message) => {
    expect(problems(`${withSelector}profiles: ${profiles}`)).toEqual([expect.stringContaining(message)])
  })
})
