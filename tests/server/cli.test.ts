import { describe, expect, test } from 'vitest'
import { readAddress, readCommandLine, readFlags, UsageError } from '../../server/cli.ts'
import { usage } from '../../server/usage.ts'

describe('flags, as llama-swap reads them (config §1.1)', () => {
  test.each([
    [['-config', 'f'], { config: 'f' }],
    [['--config=f'], { config: 'f' }],
    [['-config=f=g'], { config: 'f=g' }],
    [['--config='], { config: undefined }],
    [['-config=f', 'rest', '-listen', 'x'], { config: 'f', listen: undefined }],
    [['-config=f', '--', '-listen', 'x'], { config: 'f', listen: undefined }],
    [['-config=f', '-', '-listen', 'x'], { config: 'f', listen: undefined }],
    [['-config', '-listen'], { config: '-listen', listen: undefined }],
    [['-config', 'a', '-config', 'b'], { config: 'b' }],
    [['--config-dir', 'd', '-strict-config'], { configDir: 'd', strictConfig: true }],
    [['-strict-config=false', '-listen', ':1'], { strictConfig: false, listen: ':1' }],
    [['-strict-config=T'], { strictConfig: true }],
    [['-strict-config', '-listen=:1'], { strictConfig: true, listen: ':1' }],
    [['-tls-cert-file', 'c', '-tls-key-file', 'k'], { tlsCertFile: 'c', tlsKeyFile: 'k' }],
    [['-h'], { help: true }],
    [['--help'], { help: true }],
    [['-version'], { version: true }],
    [[], { config: undefined, configDir: undefined, strictConfig: false, help: false, version: false }],
  ])('%j', (args, flags) => {
    expect(readFlags(args)).toMatchObject(flags)
  })

  test.each([
    [['-nope'], 'there is no flag --nope of serve'],
    [['--confg', 'x'], 'there is no flag --confg of serve: did you mean --config?'],
    [['-config'], '--config needs a value after it'],
    [['-strict-config=maybe'], '--strict-config is on or off'],
    [['-=x'], 'there is no flag --'],
    [['--constructor'], 'there is no flag --constructor'],
    [['-config', 'f', 'check'], 'write the command check before the flags'],
  ])('%j cannot be understood', (args, message) => {
    expect(() => readFlags(args)).toThrow(UsageError)
    expect(() => readFlags(args)).toThrow(message)
  })
})

describe('commands', () => {
  test.each([
    [[], 'serve'],
    [['-config', 'f'], 'serve'],
    [['serve', '-config', 'f'], 'serve'],
    [['check', '--config', 'f'], 'check'],
  ])('%j is %s', (args, command) => {
    expect(readCommandLine(args).command).toBe(command)
  })

  test.each([
    [['chekc'], 'there is no command chekc: did you mean check?'],
    [['constructor'], 'there is no command constructor'],
    [['check', '-listen', ':1'], 'there is no flag --listen of check'],
  ])('%j cannot be understood', (args, message) => {
    expect(() => readCommandLine(args)).toThrow(message)
  })

  test('the help names every command and every flag, in lines that fit', () => {
    for (const word of [
      'serve',
      'check',
      '--config FILE',
      '--config-dir DIR',
      '--strict-config',
      '--tls-key-file FILE',
    ]) {
      expect(usage).toContain(word)
    }
    expect(Math.max(...usage.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120)
  })
})

test.each([
  [':8080', undefined, 8080],
  ['localhost:1', 'localhost', 1],
  ['[::1]:80', '::1', 80],
])('the address %s', (text, hostname, port) => {
  expect(readAddress(text)).toEqual({ hostname, port })
})

test.each(['', '8080', 'host', ':x', ':65536', '::1:80', 'a:b:1'])('%j is no address', (text) => {
  expect(() => readAddress(text)).toThrow(UsageError)
})
