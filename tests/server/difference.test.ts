import { expect, test } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { differenceOf, describe as inWords } from '../../server/reload/difference.ts'
import { originOf } from '../../server/reload/origin.ts'

/** What becomes of model `a` when these fields are added to it. */
function changing(fields: string): string | null {
  const [before, after] = ['', fields].map((more) => config(`{cmd: 'serve --port \${PORT}'${more && `, ${more}`}}`))
  const difference = differenceOf(before!, after!)
  return difference && inWords(difference)
}

function config(model: string) {
  return parseConfig(`models: {a: ${model}}`, 'models.yaml').config
}

test.each([
  'cmdStop: stop it',
  'env: [A=1]',
  "proxy: 'http://localhost:${PORT}/v2'",
  'checkEndpoint: /ready',
  'timeouts: {connect: 5}',
  'compat: {ignoreWebsockets: true}',
])('%s asks for another process (config §14.3)', (fields) => {
  expect(changing(fields)).toBe('changed a')
})

test.each([
  'ttl: 5',
  'aliases: [b]',
  'name: The A',
  'metadata: {k: v}',
  'concurrencyLimit: 3',
  'filters: {stripParams: top_k}',
  'useModelName: qwen',
  'unlisted: true',
  'healthCheckTimeout: 500',
  'unloadTimeout: 3',
  'sendLoadingState: true',
])('%s changes in place', (fields) => {
  expect(changing(fields)).toBe('adjusted a')
})

test.each(['unlisted: false', 'aliases: []', 'ttl: -1', 'timeouts: {connect: 30}'])('%s says what was so', (fields) => {
  expect(changing(fields)).toBe(null)
})

test('a comment within a command, or another way to write it, is not another process', () => {
  const [one, two] = [
    config('{cmd: "serve  -a 1\\n# why", proxy: "http://h:1"}'),
    config('{cmd: serve -a 1, proxy: "http://h:1"}'),
  ]
  expect(inWords(differenceOf(one, two)!)).toBe('adjusted a')
})

test.each([
  ['http://localhost:9000', 9000],
  ['http://127.0.0.2:9000/v1', 9000],
  ['http://[::1]:9000', 9000],
  ['https://localhost', 443],
  ['http://gpu.lan:9000', null],
])('a model at %s holds port %j of this machine', (proxy, port) => {
  const model = config(`{cmd: serve, proxy: "${proxy}"}`).models.get('a' as never)!
  expect(originOf(model).port).toBe(port)
})
