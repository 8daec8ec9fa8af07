import fc from 'fast-check'
import type { Head } from '../../server/proxy/http1/head.ts'
import { type ResponseListener, ResponseReader } from '../../server/proxy/http1/response.ts'

/** What became of an answer that was read to its end, or to where it broke. */
export interface Reading {
  readonly informed: readonly number[]
  readonly head: Pick<Head, 'status' | 'reason' | 'fields'> | undefined
  readonly body: string
  readonly trailers: readonly string[] | undefined
  readonly keepsAlive: boolean
  readonly error: string | undefined
}

/** Reads the pieces as they would come, then the end of the connection if that is wanted. */
export function readResponse(
  pieces: readonly Buffer[],
  { method = 'GET', isFramed = false, closes = false } = {},
): Reading {
  const informed: number[] = []
  const body: Buffer[] = []
  let head: Reading['head']
  let trailers: Reading['trailers']
  let error: string | undefined
  const listener: ResponseListener = {
    informed: ({ status }) => informed.push(status),
    head({ status, reason, fields }) {
      if (head) throw new Error('two heads')
      head = { status, reason, fields }
      return isFramed
    },
    body(bytes) {
      if (trailers) throw new Error('a body after the end')
      body.push(Buffer.from(bytes))
    },
    end(fields) {
      if (trailers) throw new Error('two ends')
      trailers = fields
    },
  }
  const reader = new ResponseReader(method, listener)
  try {
    for (const piece of pieces) reader.read(piece)
    if (closes) reader.close()
  } catch (fault) {
    error = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault)
  }
  const { keepsAlive } = reader
  return { informed, head, body: Buffer.concat(body).toString('latin1'), trailers, keepsAlive, error }
}

/** Cuts the bytes at the places, which are taken by remainder. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
}

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
const value = fc.stringMatching(/^[!-~\u00a0-\u00ff]([ -~\u00a0-\u00ff]{0,20}[!-~\u00a0-\u00ff])?$/)
const reserved = ['content-length', 'transfer-encoding', 'connection']
const fields = fc.array(
  fc.tuple(
    token.filter((name) => !reserved.includes(name.toLowerCase())),
    value,
  ),
  { maxLength: 5 },
)

const data = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }).map((bytes) => Buffer.from(bytes))
const chunk = fc.record({
  data: data.filter(({ length }) => length > 0),
  extension: fc.constantFrom('', '', '', ';x', ' ;name="a b"'),
  zeros: fc.nat(3),
})

export type Chunk = { readonly data: Buffer; readonly extension: string; readonly zeros: number }

/** A good answer: what it says, and its bytes. */
export interface Sample {
  readonly bytes: Buffer
  readonly interim: number
  readonly status: number
  readonly fields: readonly string[]
  readonly body: string
  readonly trailers: readonly string[]
  readonly closes: boolean
}

export const samples: fc.Arbitrary<Sample> = fc
  .record({
    interim: fc.nat(2),
    status: fc.constantFrom(200, 201, 404, 500),
    fields,
    framing: fc.constantFrom('length', 'chunked', 'close'),
    chunks: fc.array(chunk, { maxLength: 5 }),
    trailers: fields,
  })
  .map(({ interim, status, fields, framing, chunks, trailers }) => {
    const body = Buffer.concat(chunks.map((piece) => piece.data))
    const framed = {
      length: [['Content-Length', String(body.length)]],
      chunked: [['transfer-encoding', 'Chunked']],
      close: [],
    }[framing] as [string, string][]
    const all = [...fields, ...framed]
    const parts = [
      ...Array.from({ length: interim }, () => 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
      `HTTP/1.1 ${status} Fine\r\n${lines(all)}\r\n`,
      framing === 'chunked' ? inChunks(chunks, trailers) : body,
    ]
    return {
      bytes: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
      interim,
      status,
      fields: all.flat(),
      body: body.toString('latin1'),
      trailers: framing === 'chunked' ? trailers.flat() : [],
      closes: framing === 'close',
    }
  })

function lines(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
}

function inChunks(chunks: readonly Chunk[], trailers: readonly (readonly [string, string])[]): Buffer {
  const parts = chunks.flatMap(({ data, extension, zeros }) => [
    Buffer.from(`${'0'.repeat(zeros)}${data.length.toString(16)}${extension}\r\n`, 'latin1'),
    data,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...parts, Buffer.from(`0\r\n${lines(trailers)}\r\n`, 'latin1')])
}
