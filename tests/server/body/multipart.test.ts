import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MultipartScanner, MultipartSyntaxError } from '../../../server/body/multipart.ts'
import { cut, places } from '../../support/pieces.ts'

const type = 'multipart/form-data; boundary=XX'
const lines = (...text: string[]) => Buffer.from(text.join('\r\n'))

function readField(body: Buffer, name: string, contentType = type): string | undefined {
  const scanner = new MultipartScanner(contentType, [name])
  scanner.push(body)
  scanner.end()
  const span = scanner.found.get(name)
  return span && body.toString('utf8', span.start, span.end)
}

const field = (name: string, value: string) => ['--XX', `Content-Disposition: form-data; name="${name}"`, '', value]
const file = [
  '--XX',
  'Content-Disposition: form-data; name="model"; filename="m"',
  'Content-Type: audio/wav',
  '',
  'RIFF',
]

describe('a field of a form', () => {
  test.each<[string, Buffer, string | undefined]>([
    ['is found', lines(...field('model', 'm1'), '--XX--', ''), 'm1'],
    ['is found behind a file of the same name', lines(...file, ...field('model', 'm1'), '--XX--'), 'm1'],
    ['counts where it stands first', lines(...field('model', 'm1'), ...field('model', 'm2'), '--XX--'), 'm1'],
    ['may be empty', lines(...field('model', ''), '--XX--'), ''],
    ['may have more lines', lines(...field('model', 'a\r\nb'), '--XX--'), 'a\r\nb'],
    ['is found behind a preamble', lines('hello', ...field('model', 'm1'), '--XX--'), 'm1'],
    ['is not there', lines(...field('other', 'm1'), '--XX--'), undefined],
    ['may have padding behind its boundary', lines('--XX  ', ...field('model', 'm1').slice(1), '--XX--'), 'm1'],
    ['is none without a disposition', lines('--XX', '', 'm1', '--XX--'), undefined],
  ])('%s', (_what, body, expected) => {
    expect(readField(body, 'model')).toBe(expected)
  })

  test('has a name that may be quoted, escaped or bare', () => {
    const named = (name: string) => lines('--XX', `content-disposition: form-data; name=${name}`, '', 'v', '--XX--')
    expect(readField(named('model'), 'model')).toBe('v')
    expect(readField(named('"a\\"b"'), 'a"b')).toBe('v')
    expect(readField(named('"a%22b"'), 'a"b')).toBe('v')
  })

  test('is found whatever quotes the boundary', () => {
    const body = lines(...field('model', 'm1'), '--XX--')
    expect(readField(body, 'model', 'Multipart/Form-Data; charset=utf-8; boundary="XX"')).toBe('m1')
  })
})

test.each([
  ['has no boundary in its type', lines('--XX--'), 'multipart/form-data'],
  ['is empty', lines(''), type],
  ['ends in a header', lines('--XX', 'Content-Disposition: form-data'), type],
  ['ends in a value', lines(...field('model', 'm1')), type],
  ['has text beside a boundary', lines('--XXX', '', '', '--XX--'), type],
])('a form that %s is refused', (_what, body, contentType) => {
  expect(() => readField(body, 'model', contentType)).toThrow(MultipartSyntaxError)
})

test('every form that a client writes is read as it was meant', async () => {
  const text = fc.string({ unit: 'grapheme' })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 5 }), text, async (pairs, model) => {
      const form = new FormData()
      form.append('file', new Blob(['\r\n--', '\r\n\r\n']), 'file.bin')
      for (const [name, value] of pairs) form.append(name, value)
      form.append('model', model)
      const request = new Request('http://x', { method: 'POST', body: form })
      const body = Buffer.from(await request.clone().arrayBuffer())
      const expected = (await request.formData()).get('model')
      expect(readField(body, 'model', request.headers.get('content-type')!)).toBe(expected)
    }),
    { numRuns: 50 },
  )
})

test('a part whose headers do not end is refused before it fills the memory', () => {
  const scanner = new MultipartScanner(type, ['model'])
  scanner.push(lines('--XX', ''))
  expect(() => scanner.push(Buffer.alloc(20_000, 'x'))).toThrow(MultipartSyntaxError)
})

/** What a scanner makes of the pieces: the place that it found, if any, or that it refused them. */
function scan(pieces: readonly Buffer[]) {
  const scanner = new MultipartScanner(type, ['model'])
  try {
    for (const piece of pieces) scanner.push(piece)
    scanner.end()
    return scanner.found.get('model')
  } catch (error) {
    if (error instanceof MultipartSyntaxError) return 'refused'
    throw error
  }
}

test('whatever the bytes and wherever they are cut, the same is found or refused', () => {
  const words = ['--XX', '--', '\r', '\n', '\r\n', '\r\n\r\n', 'Content-Disposition: form-data; name="model"', 'x']
  const piece = fc.constantFrom(...words, '--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--XX')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), places, (pieces, at) => {
      const whole = Buffer.from(pieces.join(''))
      expect(scan(cut(whole, at))).toEqual(scan([whole]))
    }),
    { numRuns: 500 },
  )
})
