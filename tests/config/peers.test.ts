import { describe, expect, test } from 'vitest'
import { fields, load, problems, warnings } from '../support/config.ts'

describe('peers (§7.16)', () => {
  test('every default', () => {
    expect(load('peers: {p: {proxy: "https://h/base/", models: [m, n, m]}}').peers.get('p')).toEqual({
      id: 'p',
      url: 'https://h/base',
      apiKey: null,
      models: ['m', 'n'],
      filters: { strip: [], set: [], setById: new Map() },
      timeouts: {
        connectMs: 30_000,
        keepAliveMs: 30_000,
        responseHeaderMs: 60_000,
        tlsHandshakeMs: 10_000,
        expectContinueMs: 1000,
        idleConnectionMs: 90_000,
      },
    })
  })

  test('a key, and timeouts', () => {
    const { peers } = load('peers: {p: {proxy: "http://h", models: [m], apiKey: 007, timeouts: {responseHeader: 0}}}')
    expect(peers.get('p')).toMatchObject({ apiKey: '007', timeouts: { responseHeaderMs: 0 } })
  })

  test.each([
    ['{models: [m]}', 'peers.p.proxy: is missing'],
    ['{proxy: "", models: [m]}', 'peers.p.proxy: is missing'],
    ['{proxy: "h:80", models: [m]}', 'peers.p.proxy: `h:80` is not an address'],
    ['{proxy: "h", models: [m]}', 'peers.p.proxy: `h` is not an address'],
    ['{proxy: "ftp://h", models: [m]}', 'is not an address'],
    ['{proxy: "http://", models: [m]}', 'is not an address'],
    ['{proxy: "http:///x", models: [m]}', 'is not an address'],
    ['{proxy: "http://[::1", models: [m]}', 'is not an address'],
    ['{proxy: "http://h"}', 'peers.p.models: is empty'],
    ['{proxy: "http://h", models: []}', 'peers.p.models: is empty'],
    ['{proxy: "http://h", models: m}', 'peers.p.models: expected a list'],
    ['{proxy: "http://h", models: [" "]}', 'peers.p.models[0]: a model needs a name'],
    ['{proxy: "http://h", models: [m], timeouts: {connect: -1}}', 'peers.p.timeouts.connect: must be at least 0'],
    ['{proxy: "http://h", models: [m], apiKey: "a\\nb"}', 'peers.p.apiKey: contains a character'],
    ['[a]', 'peers.p: expected a mapping'],
  ])('%s is a mistake that names its place (§18.22)', (peer, message) => {
    expect(problems(`peers: {p: ${peer}}`)).toEqual([expect.stringContaining(message)])
  })

  test('one that says nothing lacks both (§18.8)', () => {
    expect(problems('peers: {p: }')).toHaveLength(2)
  })

  test('the old name of stripParams is not read here (§7.3)', () => {
    expect(warnings('peers: {p: {proxy: "http://h", models: [m], filters: {strip_params: a}}}')).toEqual([
      expect.stringContaining('did you mean `stripParams`'),
    ])
  })
})

describe('names of models of peers (§10.3)', () => {
  function names(yaml: string): readonly string[] {
    return [...load(yaml).peerModels].map(([name, { peer, model }]) => `${name} = ${model} of ${peer}`)
  }
  const peer = (models: string) => `{proxy: "http://h", models: [${models}]}`

  test('qualified always, bare when it is the only one', () => {
    expect(names(`peers: {p: ${peer('a, org/b')}, q: ${peer('a')}}`)).toEqual([
      'p/a = a of p',
      'p/org/b = org/b of p',
      'q/a = a of q',
      'org/b = org/b of p',
    ])
  })

  test('a bare name that is a qualified one means that', () => {
    expect(names(`peers: {p: ${peer('a')}, q: ${peer('p/a')}}`)).toEqual([
      'p/a = a of p',
      'q/p/a = p/a of q',
      'a = a of p',
    ])
  })

  test('local ids and aliases win over bare names', () => {
    const models = `models: {a: {${fields}, aliases: [b]}}`
    expect(names(`${models}\npeers: {p: ${peer('a, b, c')}}`)).toEqual([
      'p/a = a of p',
      'p/b = b of p',
      'p/c = c of p',
      'c = c of p',
    ])
  })

  test.each([
    [`models: {p/a: {${fields}}}`, 'models.p/a: `p/a` is taken'],
    [`models: {m: {${fields}, aliases: [p/a]}}`, 'models.m.aliases[0]: `p/a` is taken'],
    [`models: {m: {${fields}, filters: {setParamsByID: {p/a: {}}}}}`, 'models.m.filters.setParamsByID.p/a: `p/a` is'],
    ['selectors: {p/a: {strategy: pin, targets: [a]}}', 'selectors.p/a: `p/a` is taken'],
    ['profiles: {x: {pins: {p/a: a}}}', 'profiles.x.pins.p/a: `p/a` is taken'],
  ])('a qualified name is reserved: %s', (yaml, message) => {
    expect(problems(`${yaml}\npeers: {p: ${peer('a')}}`)).toEqual([expect.stringContaining(message)])
  })

  test('two peers that build the same name are a mistake', () => {
    expect(problems(`peers: {a: ${peer('b/c')}, a/b: ${peer('c')}}`)).toEqual([
      expect.stringContaining('`a/b/c` already is the model `b/c` of the peer `a`'),
    ])
  })
})
