import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasOpenQuote, splitCommand, withoutComments } from '../../config/command.ts'
import { problems, warnings } from '../support/config.ts'

/* Command, and its words as POSIX and as Windows split it (config §9). */
const table: readonly [command: string, posix: readonly string[], windows: readonly string[]][] = [
  ['serve  -a\t1\n-b 2\n', ['serve', '-a', '1', '-b', '2'], ['serve', '-a', '1', '-b', '2']],
  ['serve \'x y\' "p q"', ['serve', 'x y', 'p q'], ['serve', "'x", "y'", 'p q']],
  ["serve pre'mid dle'post", ['serve', 'premid dlepost'], ['serve', "pre'mid", "dle'post"]],
  ['serve "it\'s" \'say "hi"\'', ['serve', "it's", 'say "hi"'], ['serve', "it's", "'say", "hi'"]],
  [
    'serve "a\\"b" "c\\\\d" "e\\f" "\\$g"',
    ['serve', 'a"b', 'c\\d', 'e\\f', '$g'],
    ['serve', 'a"b', 'c\\\\d', 'e\\f', '\\$g'],
  ],
  ['serve a\\ b c\\"d', ['serve', 'a b', 'c"d'], ['serve', 'a\\', 'b', 'c"d']],
  ["serve 'a\\b'", ['serve', 'a\\b'], ['serve', "'a\\b'"]],
  ['serve \'\' "" end', ['serve', '', '', 'end'], ['serve', "''", '', 'end']],
  ['serve --json \'{"k": [1, 2]}\'', ['serve', '--json', '{"k": [1, 2]}'], ['serve', '--json', "'{k:", '[1,', "2]}'"]],
  ['serve {"k": 1}', ['serve', '{k:', '1}'], ['serve', '{k:', '1}']],
  [
    'serve $HOME ~ *.bin $(id) && x | y > z ; w',
    ['serve', '$HOME', '~', '*.bin', '$(id)', '&&', 'x', '|', 'y', '>', 'z', ';', 'w'],
    ['serve', '$HOME', '~', '*.bin', '$(id)', '&&', 'x', '|', 'y', '>', 'z', ';', 'w'],
  ],
  ['serve -a 1 \\\n  -b 2', ['serve', '-a', '1', '-b', '2'], ['serve', '-a', '1', '-b', '2']],
  ['serve -a 1 \\  \n-b 2', ['serve', '-a', '1', '-b', '2'], ['serve', '-a', '1', '-b', '2']],
  ['serve -a 1 \\\n# note\n-b 2', ['serve', '-a', '1', '-b', '2'], ['serve', '-a', '1', '-b', '2']],
  ['# head\nserve -a\n   # mid\n-b', ['serve', '-a', '-b'], ['serve', '-a', '-b']],
  ['serve -a # tail', ['serve', '-a', '#', 'tail'], ['serve', '-a', '#', 'tail']],
  ['serve #tail', ['serve', '#tail'], ['serve', '#tail']],
  ['serve a\\', ['serve', 'a'], ['serve', 'a']],
  ["serve 'open ended", ['serve', 'open ended'], ['serve', "'open", 'ended']],
  ["serve 'l1\n# l2\nl3'", ['serve', 'l1\n# l2\nl3'], ['serve', "'l1", "l3'"]],
  ["serve 'l1 \\\n  l2'", ['serve', 'l1 \\\n  l2'], ['serve', "'l1", "l2'"]],
  [
    'D:\\bin\\serve.exe -m D:\\x\\y.bin',
    ['D:binserve.exe', '-m', 'D:xy.bin'],
    ['D:\\bin\\serve.exe', '-m', 'D:\\x\\y.bin'],
  ],
  [
    '"D:\\my bin\\serve.exe" -d "D:\\dir\\\\" -e',
    ['D:\\my bin\\serve.exe', '-d', 'D:\\dir\\', '-e'],
    ['D:\\my bin\\serve.exe', '-d', 'D:\\dir\\', '-e'],
  ],
  ['serve "x""y"', ['serve', 'xy'], ['serve', 'x"y']],
  ['serve a\r\n-b', ['serve', 'a', '-b'], ['serve', 'a', '-b']],
  ['serve a\u00a0b', ['serve', 'a\u00a0b'], ['serve', 'a\u00a0b']],
  ['# nothing else', [], []],
  ['  \n ', [], []],
]

test.each(table)('%j is split as %j on POSIX and %j on Windows', (command, posix, windows) => {
  expect(splitCommand(command, 'posix')).toEqual(posix)
  expect(splitCommand(command, 'windows')).toEqual(windows)
})

/* What lies in quotes is text, whatever it looks like (config §18.25). */
test.each([
  ['serve "a\n# b" c', ['serve', 'a\n# b', 'c']],
  ['serve "a \\\nb"', ['serve', 'a b']],
  ['serve "a\\\\\nb"', ['serve', 'a\\\nb']],
  ["serve 'a\\  \n' b", ['serve', 'a\\  \n', 'b']],
  ["serve 'a' \\\n 'b'", ['serve', 'a', 'b']],
  ["# it's\nserve a", ['serve', 'a']],
  ["serve 'a'\n# it's\n-b", ['serve', 'a', '-b']],
  ["serve '\n'\n# c\n-b", ['serve', '\n', '-b']],
  ['serve \\"\n# c\n-b', ['serve', '"', '-b']],
  ['serve a \\\r\n  -b\r\n', ['serve', 'a', '-b']],
  ['serve a\\\\\n-b', ['serve', 'a ', '-b']],
] as const)('%j is split as %j on POSIX', (command, words) => {
  expect(splitCommand(command, 'posix')).toEqual(words)
})

test.each([
  ['serve "a\n# b" c', ['serve', 'a\n# b', 'c']],
  ['serve "a \\\n# b" c', ['serve', 'a \\\n# b', 'c']],
  ['serve "a""\n# b" c', ['serve', 'a"\n# b', 'c']],
  ['serve "C:\\x\\\\"\n# b\n-c', ['serve', 'C:\\x\\', '-c']],
  ["serve it's\n# b\n-c", ['serve', "it's", '-c']],
] as const)('%j is split as %j on Windows', (command, words) => {
  expect(splitCommand(command, 'windows')).toEqual(words)
})

test.each([
  ["serve 'a", true, false],
  ['serve "a', true, true],
  ["serve it's", true, false],
  ["serve 'a'", false, false],
  ['serve \\"', false, false],
  ['serve "a\\"', true, true],
  ["# it's\nserve", false, false],
  ['serve "a""', true, true],
])('%j leaves a quote open: %s on POSIX, %s on Windows', (command, posix, windows) => {
  expect(hasOpenQuote(command, 'posix')).toBe(posix)
  expect(hasOpenQuote(command, 'windows')).toBe(windows)
})

test('an open quote is a warning at load, with its place, and a command without words a mistake', () => {
  const model = (cmd: string) => `models:\n  m:\n    proxy: http://h\n    cmd: ${cmd}\n    cmdStop: stop 'x\n`
  expect(warnings(model("serve 'x"))).toEqual([
    '4:5 models.m.cmd: a quote is opened and never closed: all that follows it is one word',
    '5:5 models.m.cmdStop: a quote is opened and never closed: all that follows it is one word',
  ])
  for (const empty of ['""', '"  \\n "', '"# only"', '']) {
    expect(problems(model(empty))[0]).toContain('models.m.cmd: is empty')
  }
})

const command = fc.string({ unit: fc.constantFrom(...'ab\'"\\# \n\t\r$') })

test('dropping comments changes no word, and happens once', () => {
  fc.assert(
    fc.property(command, fc.constantFrom('posix', 'windows'), (command, dialect) => {
      const bare = withoutComments(command, dialect)
      expect(splitCommand(bare, dialect)).toEqual(splitCommand(command, dialect))
      expect(withoutComments(bare, dialect)).toBe(bare)
    }),
    { numRuns: 2_000 },
  )
})

test('splitting, joining and splitting again gives the same words', () => {
  const join = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')
  fc.assert(
    fc.property(command, (command) => {
      const words = splitCommand(command, 'posix')
      expect(splitCommand(join(words), 'posix')).toEqual(words)
    }),
    { numRuns: 2_000 },
  )
})

test('words that are quoted and joined are split into themselves again', () => {
  const windows = (word: string) => `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`
  const posix = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'ab\'"\\# \n\t') })), (words) => {
      expect(splitCommand(words.map(posix).join(' '), 'posix')).toEqual(words)
      expect(splitCommand(words.map(windows).join(' '), 'windows')).toEqual(words)
    }),
    { numRuns: 2_000 },
  )
})
