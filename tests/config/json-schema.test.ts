import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { ConfigError } from '../../config/problem.ts'
import { rootSchema } from '../../config/schema.ts'
import { mannerOf } from '../../config/shape.ts'
import { type Field, fieldsOf } from '../../docs/generate/fields.ts'
import { editor } from '../support/editor.ts'

/** What the program makes of it; a warning is a mark too. */
function program(yaml: string): 'takes' | 'marks' {
  try {
    return parseConfig(yaml, 'f.yaml', { dialect: 'posix' }).warnings.length > 0 ? 'marks' : 'takes'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return 'marks'
  }
}

const m = 'cmd: x, proxy: "http://h:1"'
const two = `models: {a: {${m}}, b: {${m}}}`

describe('an editor and the program are of one mind', () => {
  test.each([
    // Root
    '',
    'models:',
    'startPort: 1',
    'startPort: 0x1000',
    'startPort: 1_000',
    'startPort: 5e3',
    'startPort:',
    'healthCheckTimeout: 1',
    'sendLoadingState: off',
    'sendLoadingState: "yes"',
    'logLevel: " WARN"',
    'logTimeFormat: Kitchen',
    'logTimeFormat: ""',
    'performance: {every: 1m30s}',
    'performance: {every: 7.5s, disabled: false}',
    'ui: {activity: {session_id: []}}',
    'store:',
    'record: {path: r.jsonl, gzip: no}',
    'cors: {allowOrigins: ["https://a.example"]}',
    'trustedProxies: [10.0.0.0/8]',
    'upstream: {ignorePaths: ["$^"]}',
    'x-base: &base {cmd: y, proxy: "http://h:1"}\nmodels: {a: {<<: *base}}',
    // Macros
    'macros: {a: 1, B_c-9: text, d: true}',
    `models: {a: {${m}, macros: {a: 1}}}`,
    'macros: {T: 60}\nglobalTTL: "${T}"\nbodyLimit: ${T}',
    // Models
    `models: {10: {${m}}, "a/b": {${m}}}`,
    `models: {a: {${m}, ttl: -1, unloadTimeout: 0, concurrencyLimit: 0}}`,
    `models: {a: {${m}, name: 1.10, description: true, useModelName: ~}}`,
    `models: {a: {${m}, env: ["A=b", "C="], aliases: [1.5, x y]}}`,
    `models: {a: {${m}, metadata: {x: [1, {y: ~}]}}}`,
    `models: {a: {${m}, metadata: , filters: , timeouts: , capabilities: }}`,
    `models: {a: {${m}, filters: {stripParams: "a, b", setParams: {a.b: [1]}, setParamsByID: {x: {t: 0}, y: }}}}`,
    `models: {a: {${m}, capabilities: {in: [text, image], out: [text], tools: true, context: 8192}}}`,
    `models: {a: {${m}, compat: {ignoreWebsockets: true}, timeouts: {connect: 0, idleConn: 5}}}`,
    'models: {a: {cmd: "x --port ${PORT}", cmdStop: "kill ${PID}", checkEndpoint: none}}',
    'models: {b: &x {cmd: y, proxy: "http://h:1"}, a: {<<: *x, ttl: 5}}',
    // Who may run together, and who goes first
    `${two}\ngroups: {g: {members: [a], swap: no, exclusive: n, persistent: on}}`,
    `${two}\ngroups: {g: }`,
    `${two}\ngroups: {}\nrouting: {router: {use: group, settings: {groups: {g: {members: [a]}}}}}`,
    `${two}\nrouting: {scheduler: {use: fifo, settings: {fifo: {priority: {a: 10, b: -3}, maxWait: 0}}}}`,
    `${two}\ngroups: {g: {}}\nrouting: {scheduler: {settings: {fifo: {minTenure: 5}}}, router: {use: ""}}`,
    `${two}\nmatrix: {vars: {x_1.a-b: a}, evict_costs: {a: 3}, sets: {s: a | x_1.a-b, t: +s & b}}`,
    `${two}\nrouting: {router: {use: matrix, settings: {matrix: {sets: {s: a}}, groups: {}}}}`,
    // Names, peers, keys
    `${two}\nselectors: {s: {strategy: warm, targets: [a, b]}}`,
    `${two}\nprofiles: {p: {pins: {x: a, y: ""}}, q: {description: d, pins: {z: ~}}}`,
    'peers: {p: {proxy: "HTTPS://h/v1", models: [m, 7], apiKey: k, timeouts: {responseHeader: 0}}}',
    'apiKeys: [secret, 12345, {key: k, name: n, models: ["a*"], allow: [inference, ui]}]',
    `${two}\nhooks: {on_startup: {preload: [a]}}`,
  ])('both take %j', (yaml) => {
    expect({ editor: editor(yaml), program: program(yaml) }).toEqual({ editor: 'takes', program: 'takes' })
  })

  test.each([
    // Root
    '[]',
    'startport: 1',
    'startPort: 0',
    'startPort: 65536',
    'startPort: 1.5',
    'startPort: "8080"',
    'startPort: [1]',
    'sendLoadingState: 1',
    'sendLoadingState: "true"',
    'logLevel: loud',
    'logToStdout: Both',
    'logRequests: {}',
    'captureBuffer: -1',
    'bodyLimit: 0',
    'performance: {every: 5}',
    'performance: {every: 5 s}',
    'performance: {enable: true}',
    'store: {}',
    'store: {path: " "}',
    'record: {path: r, maxSize: 0}',
    'ui: {activity: {session_id: X-A}}',
    // Macros
    'macros: {a: }',
    'macros: {a: [1]}',
    'macros: {a b: 1}',
    'macros: {PORT: 1}',
    `macros: {${'a'.repeat(64)}: 1}`,
    `models: {a: {${m}, macros: {a: {}}}}`,
    // Models
    'models: [a]',
    'models: {a: }',
    'models: {a: {}}',
    'models: {a: {cmd: "", proxy: "http://h:1"}}',
    `models: {a: {${m}, tll: 5}}`,
    `models: {a: {${m}, ttl: -2}}`,
    `models: {a: {${m}, unlisted: maybe}}`,
    `models: {a: {${m}, env: [PATH]}}`,
    `models: {a: {${m}, env: A=b}}`,
    `models: {a: {${m}, aliases: [" x"]}}`,
    `models: {a: {${m}, aliases: [""]}}`,
    `models: {a: {${m}, metadata: [1]}}`,
    `models: {a: {${m}, filters: {stripParams: [a]}}}`,
    `models: {a: {${m}, filters: {setParamsByID: {x: 1}}}}`,
    `models: {a: {${m}, capabilities: {in: [video]}}}`,
    `models: {a: {${m}, capabilities: {context: -1}}}`,
    `models: {a: {${m}, timeouts: {connect: -1}}}`,
    `models: {a: {${m}, timeouts: {connects: 1}}}`,
    'models: {a: {cmd: x, proxy: "localhost:80"}}',
    'models: {a: {cmd: x, proxy: 80}}',
    // Who may run together, and who goes first
    `${two}\ngroups: {g: {members: a}}`,
    `${two}\ngroups: {g: {swop: true}}`,
    `${two}\ngroups: {g: {}}\nmatrix: {sets: {s: a}}`,
    `${two}\ngroups: {g: {}}\nrouting: {router: {use: group}}`,
    `${two}\ngroups: {g: {}}\nrouting: {router: {settings: {groups: {h: {}}}}}`,
    `${two}\ngroups: {g: {}}\nrouting: {router: {settings: {matrix: {sets: {s: a}}}}}`,
    `${two}\nmatrix: {sets: {s: a}}\nrouting: {router: {use: matrix}}`,
    `${two}\nrouting: {router: {use: matrix}}`,
    `${two}\nrouting: {scheduler: {settings: {fifo: {priority: {a: high}}}}}`,
    `${two}\nrouting: {scheduler: {settings: {fifo: {maxWait: -1}}}}`,
    `${two}\nmatrix: {}`,
    `${two}\nmatrix: {sets: {}}`,
    `${two}\nmatrix: {sets: {s: }}`,
    `${two}\nmatrix: {sets: {s: " "}}`,
    `${two}\nmatrix: {vars: {"a/b": a}, sets: {s: a}}`,
    `${two}\nmatrix: {evict_costs: {a: 0}, sets: {s: a}}`,
    `${two}\nrouting: {router: {use: Group}}`,
    `${two}\nrouting: {scheduler: {use: lifo}}`,
    // Names, peers, keys
    `${two}\nselectors: {s: }`,
    `${two}\nselectors: {s: {targets: [a]}}`,
    `${two}\nselectors: {s: {strategy: warm}}`,
    `${two}\nselectors: {s: {strategy: warm, targets: []}}`,
    `${two}\nselectors: {s: {strategy: Warm, targets: [a]}}`,
    `${two}\nprofiles: {p: {pins: {}}}`,
    `${two}\nprofiles: {p: [a]}`,
    `${two}\nprofiles: {p: }`,
    'peers: {p: {models: [m]}}',
    'peers: {p: {proxy: "http://h", models: []}}',
    'peers: {p: {proxy: "h:80", models: [m]}}',
    'peers: {p: {proxy: "http://h", models: [" "]}}',
    'apiKeys: ["a b"]',
    'apiKeys: [{key: "a b"}]',
    'apiKeys: [{name: n}]',
    'apiKeys: [{key: k, allow: [everything]}]',
    'hooks: {on_start: {}}',
  ])('both mark %j', (yaml) => {
    expect({ editor: editor(yaml), program: program(yaml) }).toEqual({ editor: 'marks', program: 'marks' })
  })
})

test.each([
  'startPort: ${FIRST}',
  'startPort: "${env.PORT}"',
  'startPort: 1${env.PORT}',
  'sendLoadingState: "${LOUD}"',
  'logLevel: "${env.LEVEL}"',
  'performance: {every: "${N}s"}',
  'models: {a: {cmd: "${run}", ttl: "${T}", proxy: "${base}/a", env: ["${VAR}"], aliases: ["${MODEL_ID}-x"]}}',
  'models: {a: {cmd: x, capabilities: {in: ["${KIND}"], context: "${ctx}"}}}',
  'selectors: {s: {strategy: "${HOW}", targets: ["${A}"]}}',
  'apiKeys: ["${env.KEY}", {key: "${env.OTHER}"}]',
])('an editor takes references where something else must stand: %j', (yaml) => {
  expect(editor(yaml)).toBe('takes')
})

test.each(['startPort: "${FIRST}0"', 'sendLoadingState: "not ${LOUD}"', 'startPort: "$PORT"', 'ttl: "${}"'])(
  'text around a macro is text, which an editor marks where it cannot be: %j',
  (yaml) => expect(editor(yaml)).toBe('marks'),
)

const scalars = [null, true, 'no', 0, 1, -1, 2.5, 1e9, '', ' ', 'word', 'A=b', 'http://h', '5s', 'pin']
const values = [...scalars, [], ['a'], ['m'], ['ui'], {}, { a: {} }, { a: 'm' }]

test.each(fieldsOf(rootSchema).map((field) => [field.path.join('.'), field] as const))(
  'whatever is written at %s, an editor takes what the program takes',
  (_, field) => {
    // Every JSON text is YAML.
    const written = values.map((value) => JSON.stringify(withField(field, value)))
    const taken = written.filter((yaml) => program(yaml) === 'takes')
    expect(taken).not.toEqual([])
    expect(taken.filter((yaml) => editor(yaml) === 'marks')).toEqual([])
  },
)

const peers = { ID: { proxy: 'http://h', models: ['m'] } }
const matrix = { sets: { s: 'm' } }
const models = { m: { cmd: 'x', proxy: 'http://h:1' } }
/** What must stand beside a field for it to load, by the beginning of its path. */
const surroundings: Readonly<Record<string, object>> = {
  'models.ID': { models: { ID: models.m } },
  peers: { peers },
  profiles: { peers, profiles: { ID: { pins: { x: 'm' } } } },
  selectors: { peers, selectors: { ID: { strategy: 'pin', targets: ['m'] } } },
  'record.': { record: { path: 'r' } },
  'apiKeys.': { apiKeys: { key: 'k' } },
  matrix: { models, matrix },
  'routing.router.settings.matrix.': { models, routing: { router: { use: 'matrix', settings: { matrix } } } },
}

function withField({ path }: Field, value: unknown): unknown {
  const dotted = path.join('.')
  const [, surrounding] = Object.entries(surroundings).find(([beginning]) => dotted.startsWith(beginning)) ?? []
  const config = put(surrounding, path, value)
  return dotted.startsWith('apiKeys.') ? { apiKeys: [Object(config).apiKeys] } : config
}

function put(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  return key === undefined ? value : { ...Object(tree), [key]: put(Object(tree)[key], rest, value) }
}

test.each(fieldsOf(rootSchema).map((field) => [field.path.join('.'), mannerOf(field.schema)] as const))(
  'the meaning of %s is told in a sentence',
  (_, { description }) => expect(description).toMatch(/^[A-Z`].*\.$/s),
)
