import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, readResponse, samples } from '../../../support/response.ts'

const places = fc.array(fc.nat(), { maxLength: 40 })

test('wherever the bytes are cut, an answer reads the same', () => {
  fc.assert(
    fc.property(samples, places, fc.boolean(), (sample, at, isFramed) => {
      const { bytes, closes } = sample
      const reading = readResponse(cut(bytes, at), { isFramed: false, closes })
      expect(reading).toMatchObject({
        informed: Array(sample.interim).fill(103),
        head: { status: sample.status, reason: 'Fine', fields: sample.fields },
        body: sample.body,
        trailers: sample.trailers,
        keepsAlive: !closes,
        error: undefined,
      })
      const whole = readResponse([bytes], { isFramed, closes })
      const bytewise = readResponse(
        [...bytes].map((byte) => Buffer.from([byte])),
        { isFramed: false, closes },
      )
      expect([whole.head, whole.trailers, whole.keepsAlive]).toEqual([
        reading.head,
        reading.trailers,
        reading.keepsAlive,
      ])
      expect(bytewise).toEqual(reading)
    }),
  )
})

test('chunks that are handed on as they came are chunks of the same data', () => {
  fc.assert(
    fc.property(samples, places, ({ bytes, body, closes }, at) => {
      fc.pre(!closes && /transfer-encoding/i.test(bytes.toString('latin1')))
      const framed = readResponse(cut(bytes, at), { isFramed: true })
      expect(framed.error).toBeUndefined()
      const again = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${framed.body}0\r\n\r\n`
      expect(readResponse([Buffer.from(again, 'latin1')])).toMatchObject({ body, trailers: [], keepsAlive: true })
    }),
  )
})

test('what a chunk says beside its size goes no further', () => {
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n002 ; a="b"\r\nok\r\n0;c\r\n\r\n'
  expect(readResponse([Buffer.from(chunks)], { isFramed: true }).body).toBe('2\r\nok\r\n2\r\nok\r\n')
})

test('an answer that is cut short is never taken for a whole one', () => {
  fc.assert(
    fc.property(samples, fc.nat(), ({ bytes, closes }, length) => {
      const part = bytes.subarray(0, length % bytes.length)
      const reading = readResponse([part], { closes: true })
      if (closes && reading.head) expect(reading.error).toBeUndefined()
      else expect(reading.error).toBe('ClosedError: the connection was closed')
    }),
  )
})

test('whatever comes, it is read or refused, and nothing is said after the end', () => {
  const spoil = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(samples, spoil, places, ({ bytes }, changes, at) => {
      const spoiled = Buffer.from(bytes)
      for (const [place, byte] of changes) spoiled[place % spoiled.length] = byte
      const reading = readResponse(cut(spoiled, at), { closes: true })
      const whole = readResponse([spoiled], { closes: true })
      expect(reading.error ?? 'ProtocolError').toMatch(/^(ProtocolError|ClosedError)/)
      expect(reading.error === undefined).toBe(whole.error === undefined)
      if (reading.error === undefined) expect(reading).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

describe('a head that can be read in two ways is refused', () => {
  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['the same length twice', 'Content-Length: 5\r\nContent-Length: 5'],
    ['a list of lengths', 'Content-Length: 5, 5'],
    ['a length with a sign', 'Content-Length: +5'],
    ['a hexadecimal length', 'Content-Length: 0x5'],
    ['no length', 'Content-Length: '],
    ['a length beyond all numbers', 'Content-Length: 99999999999999999999'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5'],
    ['chunks twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
    ['another coding before the chunks', 'Transfer-Encoding: gzip, chunked'],
    ['a coding that hides', 'Transfer-Encoding: xchunked'],
    ['a coding with a vertical tab', 'Transfer-Encoding: \vchunked'],
    ['a space before the colon', 'Content-Length : 5'],
    ['a tab before the colon', 'Content-Length\t: 5'],
    ['a folded line', 'X-Long: a\r\n b'],
    ['a folded first line', ' X: a'],
    ['a bare LF', 'X: a\nContent-Length: 5'],
    ['a bare CR', 'X: a\rContent-Length: 5'],
    ['a NUL', 'X: a\0b'],
    ['a name with a space', 'X Y: a'],
    ['an empty name', ': a'],
    ['a line without a colon', 'nothing'],
  ])('%s', (_what, fields) => {
    const reading = readResponse([Buffer.from(`HTTP/1.1 200 OK\r\n${fields}\r\n\r\nhello`, 'latin1')])
    expect(reading.error).toMatch(/^ProtocolError: /)
    expect([reading.head, reading.body]).toEqual([undefined, ''])
  })

  test.each([
    'HTTP/2 200 OK',
    'HTTP/1.2 200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 099 Low',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    'ICY 200 OK',
    'HTTP/1.1 101 Switching Protocols',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked',
  ])('%j', (head) => {
    expect(readResponse([Buffer.from(`${head}\r\n\r\n`)]).error).toMatch(/^ProtocolError: /)
  })

  test.each(['HTTP/1.1 200 OK\nX: y\n\n', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}`])(
    'one that never ends is not waited for (%#)',
    (head) => {
      expect(readResponse([Buffer.from(head)]).error).toMatch(/^ProtocolError: /)
    },
  )
})

describe('chunks that can be read in two ways are refused', () => {
  test.each([
    ['no size', '\r\nhello\r\n'],
    ['a size that is no number', 'xyz\r\n'],
    ['a negative size', '-5\r\nhello'],
    ['a size with a sign', '+5\r\nhello'],
    ['a size with 0x', '0x5\r\nhello'],
    ['a space before the size', ' 5\r\nhello'],
    ['a size beyond all numbers', 'fffffffffffffff\r\n'],
    ['a bare LF after the size', '5\nhello\r\n'],
    ['a bare CR in an extension', '5;a\rb\r\nhello\r\n'],
    ['data longer than its size', '5\r\nhello!\r\n'],
    ['data without an end', '5\r\nhello0\r\n\r\n'],
    ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
    ['a first line that never ends', `5;${'x'.repeat(5_000)}`],
    ['trailers that never end', `0\r\nX: ${'x'.repeat(20_000)}`],
    ['a folded trailer', '0\r\nX: a\r\n b\r\n\r\n'],
    ['a bare LF instead of trailers', '0\r\n\n'],
  ])('%s', (_what, body) => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    for (const isFramed of [true, false]) {
      expect(readResponse([Buffer.from(head + body)], { isFramed }).error).toMatch(/^ProtocolError: /)
    }
  })
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ['GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
])('to %s, an answer without a body ends with its head: %j', (method, head) => {
  expect(readResponse([Buffer.from(head)], { method })).toMatchObject({ body: '', trailers: [], keepsAlive: true })
})

test('a connection that says more than its answer is not used again', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  expect(readResponse([Buffer.from(answer)]).keepsAlive).toBe(true)
  expect(readResponse([Buffer.from(`${answer}HTTP/1.1 200 OK\r\n\r\n`)])).toMatchObject({
    body: 'ok',
    keepsAlive: false,
  })
  expect(readResponse([Buffer.from(answer.replace('\r\n', '\r\nConnection: foo, Close\r\n'))]).keepsAlive).toBe(false)
})
