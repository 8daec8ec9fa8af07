import { describe, expect, test } from 'vitest'
import type { Model } from '../../config/config.ts'
import { parseConfig } from '../../config/load.ts'
import { Names } from '../../server/names.ts'
import { load, model, problems } from '../support/config.ts'

describe('values (§3)', () => {
  test.each([
    ['1.10', '1.10'],
    ['007', '007'],
    ['2024-05-01', '2024-05-01'],
    ['true', 'true'],
    ['"quoted"', 'quoted'],
    ['null', ''],
    ['~', ''],
  ])('text keeps its spelling: %s', (written, read) => {
    expect(model(`name: ${written}`).name).toBe(read)
  })

  test.each([
    ['60', 60],
    ['0x10', 16],
    ['010', 8],
    ['0o17', 15],
    ['1_000', 1000],
    ['2.0', 2],
    ['1e2', 100],
  ])('a whole number: %s', (written, seconds) => {
    expect(model(`ttl: ${written}`).ttlMs).toBe(seconds * 1000)
  })

  test.each(['1.5', '"60"', 'abc', 'true', '[1]', '{}', '1e400'])('no whole number: %s', (written) => {
    expect(problems(`models:\n  m: {cmd: x, proxy: "http://h", ttl: ${written}}`)[0]).toMatch(
      /^2:34 models.m.ttl: expected a whole number/,
    )
  })

  test.each(['true', 'True', 'y', 'YES', 'on', '"on"'])('true: %s', (written) => {
    expect(model(`unlisted: ${written}`).unlisted).toBe(true)
  })

  test.each(['false', 'n', 'Off', "'no'"])('false: %s', (written) => {
    expect(model(`unlisted: ${written}`).unlisted).toBe(false)
  })

  test.each(['"true"', '0', '1', 'maybe'])('neither true nor false: %s', (written) => {
    expect(problems(`models:\n  m: {cmd: x, proxy: "http://h", unlisted: ${written}}`)).toHaveLength(1)
  })

  test('anchors and merge keys work for whole models; explicit keys win', () => {
    const { models } = load(
      'x: &base {cmd: x, proxy: "http://h:1", ttl: 5}\nmodels:\n  a: {<<: *base, ttl: 7}\n  b: *base',
    )
    expect([...models.values()].map(({ ttlMs }) => ttlMs)).toEqual([7000, 5000])
  })

  test('a list drops nulls and takes scalars as text', () => {
    expect(model('aliases: [1, ~, "b"]').aliases).toEqual(['1', 'b'])
  })
})

describe('models (§7.2)', () => {
  test('every default', () => {
    expect(load('models: {m: {cmd: "x ${PORT}"}}'.replace('$', '$')).models.values().next().value).toEqual({
      id: 'm',
      cmd: 'x 5800',
      argv: ['x', '5800'],
      stopArgv: null,
      env: [],
      proxy: 'http://localhost:5800',
      port: 5800,
      checkEndpoint: '/health',
      healthCheckTimeoutMs: 120_000,
      ttlMs: 0,
      unloadTimeoutMs: 10_000,
      concurrencyLimit: 10,
      priority: 0,
      aliases: [],
      useModelName: null,
      filters: { strip: [], set: [], setById: new Map() },
      metadata: new Map(),
      sendLoadingState: false,
      timeouts: {
        connectMs: 30_000,
        keepAliveMs: 30_000,
        responseHeaderMs: 0,
        tlsHandshakeMs: 10_000,
        expectContinueMs: 1000,
        idleConnectionMs: 90_000,
      },
      ignoreWebsockets: false,
      capabilities: null,
      name: '',
      description: '',
      unlisted: false,
    })
  })

  test.each([
    ['ttl: -1', 'globalTTL: 9', (m: Model) => m.ttlMs, 9000],
    ['ttl: 0', 'globalTTL: 9', (m: Model) => m.ttlMs, 0],
    ['unloadTimeout: 0', 'unloadTimeout: 3', (m: Model) => m.unloadTimeoutMs, 3000],
    ['unloadTimeout: 4', 'unloadTimeout: 3', (m: Model) => m.unloadTimeoutMs, 4000],
    ['name: x', 'unloadTimeout: 0', (m: Model) => m.unloadTimeoutMs, 10_000],
    ['healthCheckTimeout: 20', 'healthCheckTimeout: 60', (m: Model) => m.healthCheckTimeoutMs, 20_000],
    ['name: x', 'healthCheckTimeout: -5', (m: Model) => m.healthCheckTimeoutMs, 15_000],
    ['concurrencyLimit: 0', '', (m: Model) => m.concurrencyLimit, 10],
    ['checkEndpoint: " none "', '', (m: Model) => m.checkEndpoint, null],
    ['cmdStop: "docker stop m"', '', (m: Model) => m.stopArgv, ['docker', 'stop', 'm']],
  ] as const)('%s with %s at the root', (fields, root, read, expected) => {
    expect(read(model(fields, root))).toEqual(expected)
  })

  test('ids are the spelling of their keys, in the order of code points', () => {
    const fields = '{cmd: x, proxy: "http://h"}'
    const ids = ['é', 'abe', 'Abe', '9', '10', '1.50', 'true', '__proto__', 'constructor', '"\\U0001F600"', '"\\uFF5E"']
    const { models } = load(`models:\n${ids.map((id) => `  ${id}: ${fields}`).join('\n')}`)
    expect([...models.keys()]).toEqual([
      '1.50',
      '10',
      '9',
      'Abe',
      '__proto__',
      'abe',
      'constructor',
      'true',
      'é',
      '\uFF5E',
      '\u{1F600}',
    ])
  })
})

describe('ports and references (§6.4, §6.6, §8)', () => {
  const yaml = String.raw`
startPort: 6000
models:
  b: {cmd: "b --port \${PORT}", name: "at \${PORT}"}
  a: {cmd: "a \${PORT} \${MODEL_ID}", aliases: ["\${MODEL_ID}-x"]}
  c: {cmd: "c", proxy: "http://h:1"}
  d: {cmd: "d \${PORT}", cmdStop: "kill \${PID}", proxy: "http://h:\${PORT}/base/"}
`.replaceAll('\\$', '$')

  test('ports are given out in the order of the ids to those that ask', () => {
    expect([...load(yaml).models.values()].map(({ port, proxy }) => [port, proxy])).toEqual([
      [6000, 'http://localhost:6000'],
      [6001, 'http://localhost:6001'],
      [null, 'http://h:1'],
      [6002, 'http://h:6002/base'],
    ])
  })

  test('references are replaced in every value; the process id is left for the stop', () => {
    const [a, b, , d] = [...load(yaml).models.values()]
    expect([a?.cmd, a?.aliases, b?.name, d?.stopArgv]).toEqual(['a 6000 a', ['a-x'], 'at 6001', ['kill', `\${PID}`]])
  })

  test.each([
    [`models: {m: {cmd: x}}`, 'use ${PORT} in `cmd`'],
    [`models: {m: {cmd: "x \${NOPE}", proxy: "http://h"}}`, 'nothing is known as ${NOPE}'],
    [`models: {m: {cmd: "x \${PID}", proxy: "http://h"}}`, 'nothing is known as ${PID}'],
    [`startPort: 65535\nmodels: {a: {cmd: "x \${PORT}"}, b: {cmd: "x \${PORT}"}}`, '65536 is above 65535'],
  ])('%s is explained', (yaml, message) => {
    expect(problems(yaml).join()).toContain(message)
  })

  test('a mention in a comment line asks for no port', () => {
    const text = `models:\n  m:\n    proxy: http://h:1\n    cmd: |\n      # \${PORT} \${NOPE}\n      serve \\\n        -a 1\n`
    expect(load(text).models.values().next().value).toMatchObject({ port: null, argv: ['serve', '-a', '1'] })
  })
})

describe('groups and routing (§7.6, §7.7)', () => {
  const models = 'models: {a: {cmd: x, proxy: "http://h", aliases: [aa]}, b: {cmd: x, proxy: "http://h"}}'

  test('models of no group share the default one', () => {
    expect(load(models).routing.router).toEqual({
      use: 'group',
      groups: [{ id: '(default)', swap: true, exclusive: true, persistent: false, members: ['a', 'b'] }],
    })
  })

  test.each([
    ['groups: {g: {members: [aa], swap: false}}'],
    ['routing: {router: {use: group, settings: {groups: {g: {members: [aa], swap: false}}}}}'],
  ])('members may be aliases: %s', (routing) => {
    expect(load(`${models}\n${routing}`).routing.router).toMatchObject({
      groups: [
        { id: 'g', swap: false, members: ['a'] },
        { id: '(default)', swap: true, members: ['b'] },
      ],
    })
  })

  test.each([
    ['groups: {g: {members: [zz]}}', 'there is no model `zz`'],
    ['groups: {g: {members: [a, aa]}}', 'stands twice in the group'],
    ['groups: {g: {members: [a]}, h: {members: [a]}}', 'is already in the group `g`'],
    ['groups: {(default): {members: [a]}}', 'choose another name'],
    ['groups: {g: {members: [a]}}\nrouting: {router: {use: group}}', 'as well'],
    ['routing: {router: {use: nope}}', 'expected `group`'],
    ['routing: {scheduler: {use: lifo}}', 'expected `fifo`'],
    ['routing: {scheduler: {settings: {fifo: {priority: {zz: 1}}}}}', 'there is no model `zz`'],
    ['routing: {scheduler: {settings: {fifo: {priority: {a: 1, aa: 2}}}}}', 'already has the priority 1'],
  ])('%s is a mistake', (routing, message) => {
    expect(problems(`${models}\n${routing}`).join()).toContain(message)
  })

  test('priorities by alias, and the bounds of waiting', () => {
    const config = load(
      `${models}\nrouting: {scheduler: {settings: {fifo: {priority: {aa: 7}, maxWait: 5, minTenure: 2}}}}`,
    )
    expect(config.models.values().next().value?.priority).toBe(7)
    expect(config.routing).toMatchObject({ maxWaitMs: 5000, minTenureMs: 2000 })
    expect(load(models).routing).toMatchObject({ maxWaitMs: 60_000, minTenureMs: 0 })
  })
})

describe('mistakes', () => {
  test('all of them at once, in the order of the file', () => {
    const text =
      'logLevel: loud\nmodels:\n  a: {cmd: "", proxy: "http://h"}\n  b: {cmd: x, proxy: nowhere, env: x}\ngroups: [1]\n'
    expect(problems(text)).toEqual([
      '1:1 logLevel: expected one of `debug`, `info`, `warn`, `error`, and this is the text `loud`'.replace(
        'the text ',
        '',
      ),
      '3:7 models.a.cmd: is empty: write the command that starts the model',
      '4:15 models.b.proxy: `nowhere` is not an http:// or https:// URL',
      '4:31 models.b.env: expected a list',
      '5:1 groups: expected a mapping',
    ])
  })

  test('what is wrong behind an item that cannot be read is told at its own place', () => {
    expect(problems('apiKeys: [[x], ok, "a b"]\nstore: {path: [x]}')).toEqual([
      '1:11 apiKeys[0]: expected a mapping',
      expect.stringMatching(/^1:20 .*contains a blank/),
      '2:9 store.path: expected text',
    ])
  })

  test.each([
    ['a: [', 'not valid YAML'],
    ['models: {m: {cmd: x, cmd: y}}', 'stands twice'],
    ['- a', 'a configuration is a mapping'],
    ['42', 'a configuration is a mapping'],
    ['models: {"": {cmd: x, proxy: "http://h"}}', 'not empty'],
    ['a: &a [*a]', 'itself'],
  ])('%s is explained', (text, message) => {
    expect(problems(text).join()).toContain(message)
  })

  test.each(['', '# nothing', '~', '{}', 'models:'])(
    'nothing at all (%j) is a configuration without models',
    (text) => {
      expect(load(text).models.size).toBe(0)
    },
  )

  test('an unknown key is a warning that names the nearest known one', () => {
    const { warnings } = parseConfig(
      'models: {m: {cmd: x, proxy: "http://h", conccurencyLimit: 3}}\nzzzzzzzz: 1',
      'f.yaml',
    )
    expect(warnings.map(({ message }) => message)).toEqual([
      'the key `conccurencyLimit` is unknown: did you mean `concurrencyLimit`?',
      'the key `zzzzzzzz` is unknown, and is ignored',
    ])
  })
})

test('a name is a model, else an alias; a path begins with the longest name (§10.1)', () => {
  const fields = 'cmd: x, proxy: "http://h"'
  const names = new Names(load(`models: {author: {${fields}}, author/model: {${fields}, aliases: [gpt]}}`))
  expect(names.resolve('gpt')?.id).toBe('author/model')
  expect(names.resolvePath('author/model/v1%2Fx')).toMatchObject({ name: 'author/model', rest: '/v1%2Fx' })
  expect(names.resolvePath('author%2Fmodel/x%2Fy')).toMatchObject({ name: 'author/model', rest: '/x%2Fy' })
  expect(names.resolvePath('author/v1')).toMatchObject({ name: 'author', rest: '/v1' })
})
