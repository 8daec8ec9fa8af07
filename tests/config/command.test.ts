import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitCommand } from '../../config/command.ts'

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

test('words that are quoted and joined are split into themselves again', () => {
  const words = fc.array(fc.string().filter((word) => !/[\n\0]/.test(word)))
  fc.assert(
    fc.property(words, (words) => {
      const quoted = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')
      // A line that ends in a backslash goes on; a quoted one is closed by its quote.
      expect(splitCommand(quoted, 'posix')).toEqual(words)
    }),
  )
})
