import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../config/config.ts'
import { fields, load, problems, warnings } from '../support/config.ts'

test('a configuration that says nothing has every default (§7.1)', () => {
  const { ignorePaths, ...config } = load('')
  expect(config).toEqual({
    models: new Map(),
    aliases: new Map(),
    routing: {
      router: {
        use: 'group',
        groups: [{ id: '(default)', swap: true, exclusive: true, persistent: false, members: [] }],
      },
      maxWaitMs: 60_000,
      minTenureMs: 0,
    },
    peers: new Map(),
    peerModels: new Map(),
    selectors: new Map(),
    profiles: new Map(),
    preload: [],
    apiKeys: [],
    cors: { allowOrigins: ['*'] },
    trustedProxies: [],
    logLevel: 'info',
    logToStdout: 'proxy',
    logTimeFormat: null,
    includeAliasesInList: false,
    sessionHeaders: ['X-Session-ID', 'X-Litellm-Session-Id'],
    performance: { isDisabled: false, everyMs: 5000 },
    storePath: null,
    metricsMaxInMemory: 1000,
    captureBufferBytes: 5 * 2 ** 20,
    record: null,
    bodyLimitBytes: 256 * 2 ** 20,
    reloadDrainMs: 30_000,
  })
  expect(ignorePaths.map(({ source }) => source)).toEqual(['.*\\.(js|json|css|png|gif|jpg|jpeg|ico|txt)$'])
})

describe('the root (§7.1, §7.10 to §7.13)', () => {
  test.each([
    ['logTimeFormat: RFC3339 ', (c: Config) => c.logTimeFormat, 'rfc3339'],
    ['logTimeFormat: stampmicro', (c: Config) => c.logTimeFormat, 'stampmicro'],
    ['logTimeFormat: ""', (c: Config) => c.logTimeFormat, null],
    ['logLevel: " WARN"', (c: Config) => c.logLevel, 'warn'],
    ['includeAliasesInList: on', (c: Config) => c.includeAliasesInList, true],
    ['reloadDrain: 0', (c: Config) => c.reloadDrainMs, 0],
    ['metricsMaxInMemory: 0', (c: Config) => c.metricsMaxInMemory, 1000],
    ['metricsMaxInMemory: 7', (c: Config) => c.metricsMaxInMemory, 7],
    ['captureBuffer: 0', (c: Config) => c.captureBufferBytes, 0],
    ['ui: {activity: {session_id: [" X-A ", x-a, "", X-B]}}', (c: Config) => c.sessionHeaders, ['X-A', 'X-B']],
    ['ui: {activity: {session_id: []}}', (c: Config) => c.sessionHeaders, []],
    ['ui: {activity: {session_id: ~}}', (c: Config) => c.sessionHeaders, []],
    ['ui: {activity: ~}', (c: Config) => c.sessionHeaders, ['X-Session-ID', 'X-Litellm-Session-Id']],
    ['performance: {every: 1m30s}', (c: Config) => c.performance.everyMs, 90_000],
    ['performance: {every: 7.5s}', (c: Config) => c.performance.everyMs, 7500],
    ['performance: {every: "1h0.5m"}', (c: Config) => c.performance.everyMs, 3_630_000],
    ['performance: {every: 0s}', (c: Config) => c.performance.everyMs, 5000],
    ['performance: {disabled: true, every: 1s}', (c: Config) => c.performance, { isDisabled: true, everyMs: 5000 }],
    [
      'cors: {allowOrigins: ["https://Chat.example", "http://localhost:3000"]}',
      (c: Config) => c.cors.allowOrigins,
      ['https://chat.example', 'http://localhost:3000'],
    ],
    ['cors: {allowOrigins: []}', (c: Config) => c.cors.allowOrigins, []],
    [
      'trustedProxies: [127.0.0.1, 10.0.0.0/8, "fd00::/8"]',
      (c: Config) => c.trustedProxies,
      ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    ],
    ['record: {path: r.jsonl}', (c: Config) => c.record, { path: 'r.jsonl', maxBytes: 64 * 2 ** 20, isGzipped: true }],
    [
      'record: {path: r, maxSize: 1, gzip: no}',
      (c: Config) => c.record,
      { path: 'r', maxBytes: 2 ** 20, isGzipped: false },
    ],
    ['record: ~', (c: Config) => c.record, null],
    ['store: ~', (c: Config) => c.storePath, null],
  ] as const)('%s', (yaml, read, expected) => {
    expect(read(load(yaml))).toEqual(expected)
  })

  test.each([
    ['logTimeFormat: iso', 'logTimeFormat: expected one of'],
    ['logToStdout: ""', 'logToStdout: expected one of'],
    ['logToStdout: Proxy', 'logToStdout: expected one of'],
    ['globalTTL: -1', 'globalTTL: must be at least 0'],
    ['unloadTimeout: -1', 'unloadTimeout: must be at least 0'],
    ['reloadDrain: -1', 'reloadDrain: must be at least 0'],
    ['startPort: 0', 'startPort: must be at least 1'],
    ['startPort: 70000', 'startPort: must be at most 65535'],
    ['captureBuffer: -1', 'captureBuffer: must be at least 0'],
    ['metricsMaxInMemory: -1', 'metricsMaxInMemory: must be at least 0'],
    ['performance: {every: 4.9s}', 'performance.every: must be at least 5s'],
    ['performance: {every: -10s}', 'performance.every: must be at least 5s'],
    ['performance: {every: 10}', 'performance.every: expected a duration'],
    ['performance: {every: 10 s}', 'performance.every: expected a duration'],
    ['performance: {every: 5 minutes}', 'performance.every: expected a duration'],
    ['cors: {allowOrigins: ["chat.example"]}', 'cors.allowOrigins[0]: `chat.example` is no origin'],
    ['cors: {allowOrigins: ["*", "https://a/b"]}', 'cors.allowOrigins[1]: `https://a/b` is no origin'],
    ['trustedProxies: [proxy.lan]', 'trustedProxies[0]: `proxy.lan` is neither'],
    ['trustedProxies: [10.0.0.0/33]', 'trustedProxies[0]: `10.0.0.0/33` is neither'],
    ['trustedProxies: ["fe80::1%eth0"]', 'is neither an address nor a network'],
    ['trustedProxies: [10.0.0.0/]', 'is neither an address nor a network'],
    ['record: {}', 'record.path: is missing'],
    ['record: {path: r, maxSize: 0}', 'record.maxSize: must be at least 1'],
    ['upstream: {ignorePaths: ["("]}', 'upstream.ignorePaths[0]: `(` is no regular expression'],
    ['upstream: {ignorePaths: [ok, "a(?=b)"]}', 'upstream.ignorePaths[1]: `a(?=b)` is no regular expression'],
    ['upstream: {ignorePaths: ["(a)\\\\1"]}', 'without look-around and back-references'],
    ['hooks: {on_startup: {preload: m}}', 'hooks.on_startup.preload: expected a list'],
  ])('%s is a mistake', (yaml, message) => {
    expect(problems(yaml)).toEqual([expect.stringContaining(message)])
  })

  test('what has no effect is said to have none (§18.20)', () => {
    expect(warnings('logRequests: true')).toEqual([expect.stringContaining('1:1 logRequests: has no effect')])
  })
})

describe('preload (§7.8)', () => {
  const base = `models: {a: {${fields}, aliases: [aa]}, b: {${fields}}}\npeers: {p: {proxy: "http://h", models: [x]}}\n`

  test('ids and aliases, trimmed, each once and in order', () => {
    expect(load(`${base}hooks: {on_startup: {preload: [" b ", aa, "", a, ~]}}`).preload).toEqual(['b', 'a'])
  })

  test.each(['zz', 'x', 'p/x'])('%s is passed over, and warned of', (name) => {
    const yaml = `${base}hooks: {on_startup: {preload: [${name}, b]}}`
    expect(load(yaml).preload).toEqual(['b'])
    expect(warnings(yaml)).toEqual([
      `3:32 hooks.on_startup.preload[0]: there is no model \`${name}\` here, and nothing is loaded for it`,
    ])
  })
})

describe('paths that load no model (§7.17)', () => {
  test.each([
    ['~', '/app.js', true],
    ['[]', '/img/logo.png', true],
    ['[]', '/v1/chat/completions', false],
    ['["^/static/"]', '/static/x', true],
    ['["^/static/"]', '/app.js', false],
    ['["(?i)\\\\.SVG$"]', '/a.svg', true],
    ['["$^"]', '/app.js', false],
    ['[""]', '/anything', true],
  ])('%s on %s: %s', (written, path, isIgnored) => {
    const { ignorePaths } = load(`upstream: {ignorePaths: ${written}}`)
    expect(ignorePaths.some((pattern) => pattern.test(path))).toBe(isIgnored)
  })

  test('an expression that would take for ever elsewhere answers', () => {
    const { ignorePaths } = load('upstream: {ignorePaths: ["^(a+)+$"]}')
    expect(ignorePaths[0]?.test(`${'a'.repeat(20_000)}b`)).toBe(false)
  })
})

describe('the store (§7.12)', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hotseat-store-'))
    mkdirSync(join(folder, 'inside'))
    writeFileSync(join(folder, 'there.db'), '')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(['there.db', 'new.db', 'inside/new.db'])('%s can be used', (name) => {
    expect(load(`store: {path: " ${join(folder, name)} "}`).storePath).toBe(join(folder, name))
  })

  test.each([
    ['inside', 'is a directory'],
    ['nowhere/new.db', 'there is no directory'],
    ['there.db/new.db', 'there is no directory'],
  ])('%s cannot: %s', (name, message) => {
    expect(problems(`store: {path: ${join(folder, name)}}`)).toEqual([
      expect.stringMatching(new RegExp(`1:9 store\\.path: .*${message}`)),
    ])
  })

  test.each(['{}', '{path: " "}'])('%s lacks its path', (store) => {
    expect(problems(`store: ${store}`)).toEqual([expect.stringContaining('store.path: is missing')])
  })
})
