import { describe, expect, test } from 'vitest'
import { load, problems } from '../support/config.ts'

const ports = (yaml: string) => [...load(yaml).models.values()].map(({ id, port }) => [id, port])

describe('who is given a port (§8)', () => {
  test('those that ask, in the order of the code points of their ids, from startPort on', () => {
    const ids = ['"\\U0001F600"', '"\\uFF5E"', 'é', 'abe', 'Abe', '9', '10']
    const yaml = `startPort: 7000\nmodels:\n${ids.map((id) => `  ${id}: {cmd: "x \${PORT}"}\n`).join('')}`
    expect(ports(yaml)).toEqual([
      ['10', 7000],
      ['9', 7001],
      ['Abe', 7002],
      ['abe', 7003],
      ['é', 7004],
      ['\uFF5E', 7005],
      ['\u{1F600}', 7006],
    ])
  })

  test.each([
    ['by its own words', 'cmd: "x ${PORT}"', 5800],
    ['by a macro', 'cmd: "x ${p}", macros: {p: "--port ${PORT}"}', 5800],
    ['more than once', 'cmd: "x ${PORT} ${PORT}"', 5800],
    ['not by a comment', 'cmd: "# ${PORT}\\nx", proxy: "http://h"', null],
    ['by what looks like a comment and is quoted', 'cmd: "x \'\\n# ${PORT}\'", proxy: "http://h"', 5800],
    ['not by cmdStop', 'cmd: x, cmdStop: "y", proxy: "http://h"', null],
    ['not when it does not ask', 'cmd: x, proxy: "http://h"', null],
    ['with a proxy of its own', 'cmd: "x ${PORT}", proxy: "http://h"', 5800],
    ['with a null proxy', 'cmd: "x ${PORT}", proxy: ~', 5800],
  ])('%s', (_, fields, port) => {
    expect(ports(`models: {m: {${fields}}}`)).toEqual([['m', port]])
  })

  test('a model that does not ask leaves no gap', () => {
    const yaml = 'models: {a: {cmd: "x ${PORT}"}, b: {cmd: x, proxy: "http://h"}, c: {cmd: "x ${PORT}"}}'
    expect(ports(yaml)).toEqual([
      ['a', 5800],
      ['b', null],
      ['c', 5801],
    ])
  })

  test('it stands in every value of the model, and alone it is a number', () => {
    const { models } = load(
      'models: {m: {cmd: "x ${PORT}", checkEndpoint: "/${PORT}", aliases: ["m-${PORT}"], env: ["P=${PORT}"], ttl: "${PORT}", metadata: {p: "${PORT}", q: "p${PORT}"}}}',
    )
    const model = models.values().next().value
    expect(model).toMatchObject({
      proxy: 'http://localhost:5800',
      checkEndpoint: '/5800',
      aliases: ['m-5800'],
      env: ['P=5800'],
      ttlMs: 5_800_000,
    })
    expect(Object.fromEntries(model?.metadata ?? [])).toEqual({ p: '5800', q: '"p5800"' })
  })

  test.each([
    ['startPort: "${p}"\nmacros: {p: 6000}', 6000],
    ['startPort: 0x1770', 6000],
    ['startPort: ~', 5800],
    ['macros: {}', 5800],
  ])('%j', (root, port) => {
    expect(ports(`${root}\nmodels: {m: {cmd: "x \${PORT}"}}`)).toEqual([['m', port]])
  })
})

describe('what cannot be (§8)', () => {
  test.each([
    [
      'models:\n  m:\n    cmd: x',
      '3:5 models.m.cmd: it is said to listen on http://localhost:${PORT}, but `cmd` gives it no port',
    ],
    [
      'models:\n  m:\n    cmd: x\n    proxy: http://h:${PORT}',
      '4:5 models.m.proxy: it is said to listen on ${PORT}, but `cmd` gives it no port: set `proxy` to where it listens, or use ${PORT} in `cmd`',
    ],
    ['models:\n  m:\n    cmd: x\n    name: p${PORT}\n', 'models.m.cmd: it is said to listen on'],
  ])('%j is told once', (yaml, message) => {
    const found = problems(yaml)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  test('ports end at 65535', () => {
    const yaml =
      'startPort: 65534\nmodels:\n  a: {cmd: "x ${PORT}"}\n  b: {cmd: "x ${PORT}"}\n  c: {cmd: "x ${PORT}"}\n'
    expect(problems(yaml)).toEqual(['5:7 models.c.cmd: no port is left for it: 65536 is above 65535. Lower startPort'])
  })

  test.each([
    ['0', 'must be at least 1'],
    ['-5', 'must be at least 1'],
    ['65536', 'must be at most 65535'],
    ['"5800"', 'expected a whole number'],
    ['[1]', 'expected a whole number'],
  ])('startPort: %s is told once', (written, message) => {
    const found = problems(`startPort: ${written}\nmodels: {m: {cmd: "x \${PORT}"}}`)
    expect(found).toEqual([expect.stringContaining(`1:1 startPort: ${message}`)])
  })
})
