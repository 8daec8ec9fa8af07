import { describe, expect, test } from 'vitest'
import { headersOf, requestHeadOf } from '../../server/http2/heads.ts'

const start = [':method', 'POST', ':path', '/x?q=1', ':authority', 'h:1', ':scheme', 'https']

describe('the head of a request in HTTP/2 as one in HTTP/1.1', () => {
  test.each([
    ['a body of unknown length', [], false, 'host: h:1\r\ntransfer-encoding: chunked\r\n'],
    ['a body of known length', ['content-length', '3'], false, 'content-length: 3\r\nhost: h:1\r\n'],
    ['no body', [], true, 'host: h:1\r\n'],
    ['a host of its own', ['host', 'other'], true, 'host: other\r\n'],
    [
      'a cookie in pieces',
      ['cookie', 'a=1', 'x', 'y', 'cookie', 'b=2'],
      true,
      'x: y\r\nhost: h:1\r\ncookie: a=1; b=2\r\n',
    ],
    ['what concerns the connection', ['connection', 'x', 'upgrade', 'h2c', 'keep-alive', '5'], true, 'host: h:1\r\n'],
  ])('%s', (_what, fields, hasNoBody, lines) => {
    expect(requestHeadOf([...start, ...fields], hasNoBody)?.text).toBe(`POST /x?q=1 HTTP/1.1\r\n${lines}\r\n`)
  })

  test.each([
    ['a line break in a value', [...start, 'x', 'a\r\nb: c']],
    ['a line break in the path', [':method', 'GET', ':path', '/\r\nx: y']],
    ['a blank in the path', [':method', 'GET', ':path', '/health HTTP/1.1']],
    ['a blank in the method', [':method', 'GET /x', ':path', '/']],
    ['no path', [':method', 'CONNECT', ':authority', 'h:1']],
  ])('%s is none', (_what, fields) => {
    expect(requestHeadOf(fields, true)).toBeUndefined()
  })
})

test('the head of an answer has each field once, but for cookies', () => {
  const fields = ['Vary', 'A', 'Set-Cookie', 'a', 'vary', 'B', 'Set-Cookie', 'b', 'Connection', 'x', 'TE', 'gzip']
  const headers = headersOf(fields)
  expect(Object.entries(headers)).toEqual([
    ['vary', 'A, B'],
    ['set-cookie', ['a', 'b']],
  ])
})
