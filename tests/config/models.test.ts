import { describe, expect, test } from 'vitest'
import type { Model } from '../../config/config.ts'
import { load, model, problems, warnings } from '../support/config.ts'

describe('models (§7.2)', () => {
  test.each([
    ['useModelName: real/m', '', (m: Model) => m.useModelName, 'real/m'],
    ['useModelName: ""', '', (m: Model) => m.useModelName, null],
    ['name: x', 'sendLoadingState: true', (m: Model) => m.sendLoadingState, true],
    ['sendLoadingState: false', 'sendLoadingState: true', (m: Model) => m.sendLoadingState, false],
    ['sendLoadingState: ~', 'sendLoadingState: true', (m: Model) => m.sendLoadingState, true],
    ['sendLoadingState: true', '', (m: Model) => m.sendLoadingState, true],
    ['compat: {ignoreWebsockets: yes}', '', (m: Model) => m.ignoreWebsockets, true],
    ['compat: ~', '', (m: Model) => m.ignoreWebsockets, false],
    ['metadata: ~', '', (m: Model) => m.metadata.size, 0],
    [
      'metadata: {b: 1, a: x}',
      '',
      (m: Model) => [...m.metadata],
      [
        ['a', '"x"'],
        ['b', '1'],
      ],
    ],
    ['concurrencyLimit: 3', '', (m: Model) => m.concurrencyLimit, 3],
    ['healthCheckTimeout: 3', '', (m: Model) => m.healthCheckTimeoutMs, 15_000],
    ['ttl: 99999999', '', (m: Model) => m.ttlMs, 2_147_483_000],
    ['ttl: ~', 'globalTTL: 9', (m: Model) => m.ttlMs, 9000],
    ['checkEndpoint: ~', '', (m: Model) => m.checkEndpoint, '/health'],
    ['env: ~', '', (m: Model) => m.env, []],
  ] as const)('%s with %j at the root', (fields, root, read, expected) => {
    expect(read(model(fields, root))).toEqual(expected)
  })

  test.each([
    ['concurrencyLimit: 3', 50],
    ['concurrencyLimit: 80', 80],
  ])('comfyui_auto holds WebSockets and takes many requests: %s', (fields, limit) => {
    const { models } = load(`models: {comfyui_auto: {cmd: x, proxy: "http://h", ${fields}}}`)
    expect([...models.values()]).toMatchObject([{ concurrencyLimit: limit, ignoreWebsockets: true }])
  })

  test.each([
    ['ttl: -2', 'ttl: must be -1'],
    ['unloadTimeout: -1', 'unloadTimeout: must be at least 0'],
    ['concurrencyLimit: -1', 'concurrencyLimit: must be at least 0'],
    ['ttl: 99999999999999999999', 'ttl: expected a whole number'],
    ['metadata: [a]', 'metadata: expected a mapping'],
    ['metadata: text', 'metadata: expected a mapping'],
    ['compat: {ignoreWebsockets: 1}', 'compat.ignoreWebsockets: expected true or false'],
    ['timeouts: {connect: -1}', 'timeouts.connect: must be at least 0'],
    ['timeouts: {keepalive: 1.5}', 'timeouts.keepalive: expected a whole number'],
    ['capabilities: {in: [text, video]}', 'capabilities.in[1]: expected one of `text`, `audio`, `image`'],
    ['capabilities: {out: [Text]}', 'capabilities.out[0]: expected one of'],
    ['capabilities: {context: -1}', 'capabilities.context: must be at least 0'],
  ])('%s is a mistake (§18.27)', (fields, message) => {
    expect(problems(`models: {m: {cmd: x, proxy: "http://h", ${fields}}}`)).toEqual([
      expect.stringContaining(`models.m.${message}`),
    ])
  })

  test('a model that says nothing has every default, and needs a command (§18.8)', () => {
    expect(problems('models: {m: }')).toEqual([expect.stringContaining('models.m.cmd: is empty')])
  })

  test('an entry that sets nothing is doubtful', () => {
    expect(warnings('models: {m: {cmd: x, proxy: "http://h", env: [A=1, B, "C="]}}')).toEqual([
      '1:52 models.m.env[1]: sets nothing: write it as `NAME=value`',
    ])
  })

  test.each([
    ['filterz: 1', 'did you mean `filters`'],
    ['filters: {stripParam: a}', 'did you mean `stripParams`'],
    ['timeouts: {idleCon: 1}', 'did you mean `idleConn`'],
    ['compat: {ignoreWebSockets: true}', 'did you mean `ignoreWebsockets`'],
    ['capabilities: {tool: true}', 'did you mean `tools`'],
  ])('%s is most likely misspelled (§18.16)', (fields, message) => {
    expect(warnings(`models: {m: {cmd: x, proxy: "http://h", ${fields}}}`)).toEqual([expect.stringContaining(message)])
  })

  test('keys of metadata and of forced parameters are the user’s own', () => {
    expect(
      warnings(
        'models: {m: {cmd: x, proxy: "http://h", metadata: {any: {thing: 1}}, filters: {setParams: {x: {y: 1}}}}}',
      ),
    ).toEqual([])
  })
})

describe('capabilities (§7.4)', () => {
  test.each([
    ['{}', null],
    ['~', null],
    ['{in: [], tools: false, context: 0}', null],
    ['{tools: true}', { in: [], out: [], tools: true, reranker: false, contextTokens: 0 }],
    [
      '{in: [text, image], out: [text], context: 8192}',
      { in: ['text', 'image'], out: ['text'], tools: false, reranker: false, contextTokens: 8192 },
    ],
    ['{reranker: on}', { in: [], out: [], tools: false, reranker: true, contextTokens: 0 }],
  ])('%s', (written, capabilities) => {
    expect(model(`capabilities: ${written}`).capabilities).toEqual(capabilities)
  })
})

test('timeouts that are not written keep their defaults, and 0 is none (§7.5)', () => {
  expect(model('timeouts: {connect: 0, responseHeader: 7, idleConn: ~}').timeouts).toEqual({
    connectMs: 0,
    keepAliveMs: 30_000,
    responseHeaderMs: 7000,
    tlsHandshakeMs: 10_000,
    expectContinueMs: 1000,
    idleConnectionMs: 90_000,
  })
})

describe('aliases (§10.2, §7.3)', () => {
  test('names that set parameters are aliases too, after the written ones and in their order', () => {
    const { models, aliases } = load(`models:
  b: {cmd: x, proxy: "http://h", filters: {setParamsByID: {"b:z": {}, b: {}, "b:a": {}, bb: {}}}, aliases: [bb, b]}
  a: {cmd: x, proxy: "http://h", filters: {setParamsByID: {"a:x": {}}}}`)
    expect([...models.values()].map((model) => model.aliases)).toEqual([['a:x'], ['bb', 'b:z', 'b:a']])
    expect([...aliases]).toEqual([
      ['bb', 'b'],
      ['b:z', 'b'],
      ['b:a', 'b'],
      ['a:x', 'a'],
    ])
  })

  test.each([
    ['a: {F, aliases: [x, x]}', '`x` is already an alias of `a`'],
    ['a: {F, aliases: [x]}, b: {F, aliases: [x]}', '`x` is already an alias of `a`'],
    ['a: {F, aliases: [b]}, b: {F}', '`b` is the id of another model'],
    ['a: {F, aliases: [""]}', 'may not be empty'],
    ['a: {F, aliases: [" x"]}', 'may not be empty or begin or end with a blank'],
    [
      'a: {F, filters: {setParamsByID: {b: {}}}}, b: {F}',
      '`b` is the id of another model, and cannot be an alias of `a`',
    ],
    ['a: {F, filters: {setParamsByID: {x: {}}}}, b: {F, aliases: [x]}', '`x` is already an alias of `b`'],
    ['a: {F, filters: {setParamsByID: {x: {}}}}, b: {F, filters: {setParamsByID: {x: {}}}}', 'alias of `a`'],
    ['a: {F, filters: {setParamsByID: {"": {}}}}', 'may not be empty'],
  ])('%s is a mistake', (models, message) => {
    const found = problems(`models: {${models.replaceAll('F', 'cmd: x, proxy: "http://h"')}}`)
    expect(found).toEqual([expect.stringContaining(message)])
  })
})
