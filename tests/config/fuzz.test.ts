import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseSources } from '../../config/load.ts'
import { ConfigError } from '../../config/problem.ts'
import { maskSecrets } from '../../config/secrets.ts'

const folder = new URL('../fixtures/configs/', import.meta.url)
const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
const environment = { HF_TOKEN: 'hf_abc', HOTSEAT_KEY: 'sk-two-1234567', PEER_KEY: 'sk-peer', ODD: '- {a: *b' }

/** Loads, or fails with every problem at a place in one of the files. */
function survive(files: readonly string[], isStrict: boolean): 'loaded' | 'refused' {
  const sources = files.map((text, index) => ({ file: `${index}.yaml`, text }))
  try {
    const { config } = parseSources(sources, { environment, isStrict })
    expect(stringify(maskSecrets(config))).not.toContain('sk-two-1234567')
    return 'loaded'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.problems.length).toBeGreaterThan(0)
    for (const { place, message } of error.problems) {
      expect(files[Number.parseInt(place.file, 10)]).toBeDefined()
      expect(place.line).toBeGreaterThan(0)
      expect(place.column).toBeGreaterThan(0)
      expect(message).not.toMatch(/[\uE000\uE001]|undefined|\[object/)
    }
    return 'refused'
  }
}

/** Letters that YAML, references and commands make something of. */
const token = fc.constantFrom(
  ...'{}[]:,&*-#"\'|>~?!%@`\\ \n\t\r$.0aé\0\uFEFF',
  ...[
    '${',
    '${env.',
    '${env.ODD}',
    '${env.NOPE}',
    '${PORT}',
    '${PID}',
    '${context}',
    '*vllm',
    '&vllm ',
    '<<: ',
    ': ',
    '- ',
  ],
  ...[
    '\n---\n',
    '\n...\n',
    '!!int ',
    '!!str ',
    '  ',
    '\nmacros: {a: "${b}", b: "${a}"}\n',
    '1e999',
    '0x',
    '.nan',
    'null',
  ],
)

type Mutation = (text: string) => string
const at = fc.double({ min: 0, max: 1, noNaN: true })
const cut = (text: string, from: number, length: number): [string, string, string] => {
  const start = Math.floor(from * text.length)
  return [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)]
}
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, token).map(
    ([from, added]): Mutation =>
      (text) =>
        cut(text, from, 0)
          .join(added)
          .slice(0, -added.length || undefined),
  ),
  fc.tuple(at, fc.nat(40)).map(
    ([from, length]): Mutation =>
      (text) => {
        const [before, , after] = cut(text, from, length)
        return before + after
      },
  ),
  fc.tuple(at, at, fc.nat(80)).map(
    ([from, to, length]): Mutation =>
      (text) => {
        const [, piece] = cut(text, from, length)
        const [before, , after] = cut(text, to, 0)
        return before + piece + after
      },
  ),
  fc.tuple(at, fc.nat(3)).map(
    ([from, spaces]): Mutation =>
      (text) => {
        const lines = text.split('\n')
        const index = Math.floor(from * lines.length)
        return lines
          .with(Math.min(index, lines.length - 1), ' '.repeat(spaces) + (lines[index]?.trimStart() ?? ''))
          .join('\n')
      },
  ),
  fc.tuple(at, at).map(
    ([from, to]): Mutation =>
      (text) => {
        const lines = text.split('\n')
        const [line = ''] = lines.splice(Math.floor(from * lines.length), 1)
        lines.splice(Math.floor(to * lines.length), 0, line)
        return lines.join('\n')
      },
  ),
)

const mutant = fc
  .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([text, mutations]) => mutations.reduce((text, mutate) => mutate(text), text))

test('the texts themselves load', () => {
  for (const text of texts) expect(survive([text], true)).toBe('loaded')
})

test('whatever becomes of a file, it loads or is refused with places', () => {
  const seen = { loaded: 0, refused: 0 }
  fc.assert(
    fc.property(mutant, fc.boolean(), (text, isStrict) => {
      seen[survive([text], isStrict)]++
    }),
    { numRuns: 500 },
  )
  // The mutations are neither so gentle nor so wild that one side goes untested.
  expect(Math.min(seen.loaded, seen.refused)).toBeGreaterThan(40)
})

test('so do several files together', () => {
  fc.assert(
    fc.property(fc.array(mutant, { minLength: 2, maxLength: 3 }), (files) => {
      survive(files, false)
    }),
    { numRuns: 100 },
  )
})

test('so does any text at all', () => {
  const text = fc
    .array(fc.oneof(token, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 60 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (text) => {
      survive([text], false)
    }),
    { numRuns: 1_000 },
  )
})
