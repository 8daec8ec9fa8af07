import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { networkNotice } from '../../server/address.ts'
import { readTls } from '../../server/tls.ts'
import { freshPorts } from '../support/ports.ts'
import { hotseat } from '../support/program.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'hotseat-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A certificate for localhost and its key, made for this test. */
const certificate = fileURLToPath(new URL('../fixtures/localhost.pem', import.meta.url))

async function getHealth(port: number): Promise<{ issuedTo: unknown; text: string }> {
  const sent = request({ host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false, agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const issuedTo = (response.socket as TLSSocket).getPeerCertificate().subject.CN
  return { issuedTo, text: await text(response) }
}

const valid = file(
  'valid.yaml',
  `macros: {key: sk-in-a-macro}
apiKeys: [sk-for-clients]
models:
  m:
    cmd: serve --port \${PORT} --api-key \${key}
    env: [HF_TOKEN=hf_secret, CUDA_VISIBLE_DEVICES=0]
    tll: 5
peers:
  p: {proxy: "https://far", models: [x], apiKey: sk-of-the-peer}
`,
)

describe('hotseat check', () => {
  test('prints what the configuration means, without its secrets, and warns on stderr', async () => {
    const { ended, said } = hotseat('check', '--config', valid)
    expect(await ended).toBe(0)
    expect(said.stderr).toBe(`${valid}:7:5  warning: models.m.tll: the key \`tll\` is unknown: did you mean \`ttl\`?\n`)
    const printed = parse(said.stdout)
    expect(printed.models.m).toMatchObject({
      cmd: 'serve --port 5800 --api-key ***',
      proxy: 'http://localhost:5800',
      healthCheckTimeoutMs: 120_000,
      env: ['HF_TOKEN=***', 'CUDA_VISIBLE_DEVICES=0'],
    })
    expect(said.stdout).not.toMatch(/sk-|hf_secret/)
  })

  test('is strict when it is asked to be', async () => {
    const { ended, said } = hotseat('check', '--strict-config', '--config', valid)
    expect(await ended).toBe(1)
    expect(said).toEqual({
      stdout: '',
      stderr: `${valid}:7:5  models.m.tll: the key \`tll\` is unknown: did you mean \`ttl\`?\n`,
    })
  })

  test('tells the mistakes of a directory, each in its file', async () => {
    const directory = join(folder, 'parts')
    mkdirSync(directory)
    const a = file('parts/a.yaml', 'logLevel: info\nmodels: {m: {cmd: "x ${PORT}"}}\n')
    const b = file('parts/b.yaml', 'logLevel: warn\nmodels: {m: {cmd: "x ${PORT}"}}\n')
    const { ended, said } = hotseat('check', '-config-dir', directory)
    expect(await ended).toBe(1)
    expect(said.stderr).toBe(
      `${b}:1:1  logLevel: it is \`warn\` here and \`info\` in ${a}:1: keep one\n` +
        `${b}:2:10  models.m: it is defined here and in ${a}:2: rename or remove one\n`,
    )
  })

  test('has to be told what to check', async () => {
    const { ended, said } = hotseat('check')
    expect(await ended).toBe(1)
    expect(said.stderr).toContain('name it with --config FILE or --config-dir DIR')
  })
})

describe('what is checked before it serves (config §1.1)', () => {
  test.each([
    [['--version', '--config', '/no/such/file'], 0, /^version: \d+\.\d+\.\d+ \(\S+\), built at \S+\n$/],
    [['--help'], 0, /^Usage: hotseat \[COMMAND\]/],
    [
      ['--tls-cert-file', valid],
      1,
      /^hotseat: a certificate and its key belong together: --tls-key-file is missing\n$/,
    ],
    [['--tls-key-file', '/no/key', '--config', '/no/such/file'], 1, /--tls-cert-file is missing/],
    [
      ['--config', valid, '--listen', '192.0.2.1:80'],
      1,
      /hotseat: cannot listen on 192\.0\.2\.1:80: this machine has no such address\n$/,
    ],
  ])('%j ends with exit code %i', async (args, code, output) => {
    const program = hotseat(...args)
    expect(await program.ended).toBe(code)
    expect(program.output()).toMatch(output)
  })

  test('a port that is taken is told in one line, with what to do', async () => {
    const port = freshPorts()
    await using other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { ended, said } = hotseat('--listen', `127.0.0.1:${port}`)
    expect(await ended).toBe(1)
    expect(said.stderr).toBe(
      `hotseat: cannot listen on 127.0.0.1:${port}: another program listens there. Stop it, or choose another port with --listen HOST:PORT\n`,
    )
  })
})

test.each([
  ['127.0.0.1', null],
  ['127.8.9.1', null],
  ['::1', null],
  ['::ffff:127.0.0.1', null],
  ['::', '--listen localhost:80 keeps it on this machine'],
  ['0.0.0.0', '--listen localhost:80 keeps it on this machine'],
  ['192.168.1.5', '--listen localhost:80 keeps it on this machine'],
  ['::ffff:10.0.0.1', '--listen localhost:80 keeps it on this machine'],
])('listening on %s, it says how to be alone: %s (config §1.1)', (address, said) => {
  expect(networkNotice({ address, port: 80 })).toEqual(said === null ? null : expect.stringContaining(said))
})

test.each([
  ['/no/cert', certificate, '/no/cert cannot be read: '],
  [certificate, '/no/key', '/no/key cannot be read: '],
  [certificate, valid, 'cannot be used for TLS, which wants both in PEM: '],
  [undefined, certificate, '--tls-cert-file is missing'],
])('certificate %j and key %j are refused (config §1.1)', (cert, key, message) => {
  expect(() => readTls(cert, key)).toThrow(message)
})

test('with a certificate it speaks HTTPS', async () => {
  const port = freshPorts()
  const flags = ['--tls-cert-file', certificate, '--tls-key-file', certificate]
  const { child, ended, output } = hotseat('--listen', `127.0.0.1:${port}`, ...flags)
  await until('it greets', () => output().includes(`at https://127.0.0.1:${port}`))
  expect(await getHealth(port)).toEqual({ issuedTo: 'localhost', text: 'OK' })
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})
