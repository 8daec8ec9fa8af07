import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect, test } from 'vitest'
import { unread } from '../../../server/body/body.ts'
import { Departure } from '../../../server/departure.ts'
import { Answer } from '../../../server/http/answer.ts'
import { forward } from '../../../server/proxy/forward.ts'
import { answering, type Proxied, startProxied, upstreamAt } from '../../support/proxied.ts'
import { until, untilHeldBack } from '../../support/until.ts'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const closing = 'Host: x\r\nConnection: close\r\n\r\n'

function post(proxied: Proxied, body: string): Promise<string> {
  return proxied.say(`POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n${closing}${body}`)
}

/** Node frames for the client what came without frames. */
function unchunked(body: string): string {
  const [line, size = '0'] = /^([0-9a-f]+)\r\n/.exec(body) ?? ['']
  const end = line.length + Number.parseInt(size, 16)
  return size === '0' ? '' : body.slice(line.length, end) + unchunked(body.slice(end + 2))
}

function codeOf(answer: string): unknown {
  return [Number(answer.slice(9, 12)), JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).error.code]
}

test('requests one after the other share a connection, those at once do not', async () => {
  await using proxied = await startProxied(answering(ok))
  for (let count = 0; count < 3; count++) expect(await post(proxied, 'x')).toMatch(/ok$/)
  expect(proxied.connections()).toBe(1)
  await Promise.all(['1', '2', '3'].map((body) => post(proxied, body)))
  expect(proxied.connections()).toBeGreaterThan(1)
})

test('a kept connection that the upstream closed in that moment is replaced, once', async () => {
  await using proxied = await startProxied((socket, number) => {
    let requests = 0
    socket.on('data', () => (number < 3 && ++requests > 1 ? socket.destroy() : socket.write(ok)))
  })
  expect(await post(proxied, 'a')).toMatch(/ok$/)
  expect(await post(proxied, 'b')).toMatch(/ok$/)
  expect(proxied.connections()).toBe(2)
})

test('a request of whose answer a byte has come is not sent twice', async () => {
  let seen = 0
  await using proxied = await startProxied((socket) => {
    socket.on('data', () => (++seen === 2 ? socket.end('HTTP/1.1 2') : socket.write(ok)))
  })
  expect(await post(proxied, 'a')).toMatch(/ok$/)
  expect(codeOf(await post(proxied, 'b'))).toEqual([502, 'bad_gateway'])
  expect(seen).toBe(2)
})

test('a request that ends its process is not taken for one that nobody got', async () => {
  const upstream = createServer()
  let requests = 0
  await using proxied = await startProxied(
    (socket) => {
      socket.on('data', () => {
        if (++requests === 1) socket.write(ok)
        else upstream.close(() => {})
        if (requests === 2) socket.destroy()
      })
    },
    {},
    upstream,
  )
  expect(await post(proxied, 'a')).toMatch(/ok$/)
  const answer = await post(proxied, 'b')
  expect(codeOf(answer)).toEqual([502, 'bad_gateway'])
  expect(answer).not.toContain('ECONNREFUSED')
})

test('a fresh connection that breaks is not tried again', async () => {
  await using proxied = await startProxied((socket) => socket.on('data', () => socket.destroy()))
  expect(codeOf(await post(proxied, 'a'))).toEqual([502, 'bad_gateway'])
  expect(proxied.connections()).toBe(1)
})

test('an answer that could be read in two ways is an error with the reason, and its connection is not used again', async () => {
  const smuggled = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 20\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n'
  await using proxied = await startProxied(answering(smuggled))
  const answer = await post(proxied, 'a')
  expect(codeOf(answer)).toEqual([502, 'bad_gateway'])
  expect(answer).toContain('two Content-Length')
  await post(proxied, 'b')
  expect(proxied.connections()).toBe(2)
})

test('whatever an upstream says unasked reaches nobody', async () => {
  const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
  await using proxied = await startProxied((socket, number) => {
    socket.on('data', () => socket.write(number === 1 ? ok + poison : ok))
  })
  expect(await post(proxied, 'a')).toMatch(/ok$/)
  expect(await post(proxied, 'b')).toMatch(/ok$/)
  expect(proxied.connections()).toBe(2)
})

test('whatever it says while nobody asks ends the connection', async () => {
  let first: Socket | undefined
  await using proxied = await startProxied((socket, number) => {
    if (number === 1) first = socket
    answering(ok)(socket, number)
  })
  await post(proxied, 'a')
  first?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
  await until('it is closed', () => first?.destroyed === true)
  expect(await post(proxied, 'b')).toMatch(/ok$/)
  expect(proxied.connections()).toBe(2)
})

test('interim answers and trailers pass, and hop-by-hop fields do not', async () => {
  const chunked = 'Transfer-Encoding: chunked\r\nConnection: x-hop\r\nX-Hop: 1\r\nTrailer: X-Sum\r\nX-End: 1'
  await using proxied = await startProxied(
    answering(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 Fine\r\n${chunked}\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n`,
    ),
  )
  const answer = await proxied.say(`GET /path?q=1 HTTP/1.1\r\n${closing}`)
  expect(answer).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200 Fine\r\n/)
  expect(answer).toMatch(/\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n$/)
  expect(answer).toContain('X-End: 1')
  expect(answer).not.toMatch(/x-hop/i)
})

test('a client of HTTP/1.0 gets the bytes without chunks, and no interim answer', async () => {
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
  await using proxied = await startProxied(answering(`HTTP/1.1 103 Early Hints\r\n\r\n${chunks}`))
  const answer = await proxied.say('GET / HTTP/1.0\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toMatch(/\r\n\r\nabcde$/)
})

test.each([
  ['an answer that ends with its connection', 'HTTP/1.1 200 OK\r\n\r\nabc', /abc/],
  ['an answer of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nabc', /abc/],
])('%s is whole', async (_what, bytes, expected) => {
  await using proxied = await startProxied((socket) => socket.on('data', () => socket.end(bytes)))
  expect(await proxied.say(`GET / HTTP/1.1\r\n${closing}`)).toMatch(expected)
  await proxied.say(`GET / HTTP/1.1\r\n${closing}`)
  expect(proxied.connections()).toBe(2)
})

test('HEAD gets the head alone, and the connection stays in use', async () => {
  await using proxied = await startProxied(answering('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'))
  const answer = await proxied.say(`HEAD / HTTP/1.1\r\n${closing}`)
  expect(answer).toMatch(/Content-Length: 5\r\n[\s\S]*\r\n\r\n$/)
  await proxied.say(`HEAD / HTTP/1.1\r\n${closing}`)
  expect(proxied.connections()).toBe(1)
})

test('the request goes on as it came, under the base path, with its own framing and the address of its client', async () => {
  let seen = ''
  await using proxied = await startProxied((socket) => {
    socket.on('data', (bytes) => {
      seen += bytes.toString('latin1')
      if (seen.endsWith('body')) socket.write(ok)
    })
  })
  const fields =
    'x-forwarded-for: 10.0.0.1\r\nX-Latin: \u00e9\r\nTE: gzip, trailers\r\nExpect: 100-continue\r\nKeep-Alive: 5'
  await proxied.say(`POST /a%2Fb?q=%20 HTTP/1.1\r\n${fields}\r\nContent-Length: 4\r\n${closing}body`)
  expect(seen.split('\r\n')).toEqual([
    'POST /base/a%2Fb?q=%20 HTTP/1.1',
    expect.stringContaining('X-Latin: '),
    'TE: trailers',
    'Host: x',
    'X-Forwarded-For: 10.0.0.1, 127.0.0.1',
    'Content-Length: 4',
    '',
    'body',
  ])
})

test.each(['Content-Length: 8', 'Transfer-Encoding: chunked'])(
  'a body that is not read whole goes on with %s',
  async (field) => {
    let seen = ''
    await using proxied = await startProxied(
      (socket) => {
        socket.on('data', (bytes) => {
          seen += bytes.toString('latin1')
          if (/part\r\n0\r\n\r\n$|partpart$/.test(seen)) socket.write(ok)
        })
      },
      { streams: true },
    )
    const client = connect(proxied.port, '127.0.0.1')
    const answer = text(client)
    const chunk = field.startsWith('T') ? '4\r\npart\r\n' : 'part'
    client.write(`POST / HTTP/1.1\r\n${field}\r\n${closing}${chunk}`)
    await until('the first part is there before the second was sent', () => seen.includes('part'))
    client.write(chunk + (field.startsWith('T') ? '0\r\n\r\n' : ''))
    expect(await answer).toMatch(/ok$/)
    expect(seen).toContain(`${field}\r\n\r\n${chunk}`)
  },
)

test('an upstream that answers before it has the whole body is heard, and the client can go on', async () => {
  await using proxied = await startProxied(
    (socket) => socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno')),
    { streams: true },
  )
  const size = 2 ** 22
  const client = connect(proxied.port, '127.0.0.1')
  let said = ''
  client.on('data', (bytes) => {
    said += bytes
  })
  client.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`)
  client.write(Buffer.alloc(size))
  await until('it is refused', () => said.includes('413 Too Large'))
  client.write(`GET / HTTP/1.1\r\n${closing}`)
  await once(client, 'close')
  expect(said.match(/HTTP\/1\.1 413/g)).toHaveLength(2)
})

test('a client that leaves ends the request at the upstream, before the answer or in it', async () => {
  for (const begun of ['', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n']) {
    let isGone = false
    await using proxied = await startProxied((socket) => {
      socket.on('data', () => socket.write(begun))
      socket.on('close', () => {
        isGone = true
      })
    })
    const client = connect(proxied.port, '127.0.0.1')
    client.write(`GET / HTTP/1.1\r\n${closing}`)
    if (begun) await once(client, 'data')
    else await until('the upstream has it', () => proxied.connections() === 1)
    client.destroy()
    await until('the upstream sees it', () => isGone)
    await until('nothing is left of the exchange', () => proxied.underWay() === 0)
  }
})

const pieceSize = 2 ** 16
const count = 1024
const size = count * pieceSize

/** As many bytes, for as long as whoever takes them keeps up. No two pieces of them are the same. */
class Source {
  given = 0
  readonly #hash = createHash('sha1')

  bytes(isChunked = false): Readable {
    const source = this
    return Readable.from(
      (function* () {
        for (let number = 0; number < count; number++) {
          const piece = Buffer.alloc(pieceSize, `${number};`)
          source.given += pieceSize
          source.#hash.update(piece)
          yield isChunked ? Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]) : piece
        }
        if (isChunked) yield Buffer.from('0\r\n\r\n')
      })(),
      { highWaterMark: 1 },
    )
  }

  /** Of all that was given. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /** Waits until nothing more is taken of it, and says how much was. */
  untilHeldBack(): Promise<number> {
    return untilHeldBack('it is held back', () => this.given)
  }
}

const framings = ['Content-Length', 'Transfer-Encoding']
const framed = (framing: string) => (framing === 'Content-Length' ? `${framing}: ${size}` : `${framing}: chunked`)

test.each(framings)('a slow client holds the upstream back, and loses nothing (%s)', async (framing) => {
  const source = new Source()
  await using proxied = await startProxied((socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${framed(framing)}\r\n\r\n`)
      source.bytes(framing !== 'Content-Length').pipe(socket)
    })
  })
  const request = httpRequest({ port: proxied.port, agent: false }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  expect(await source.untilHeldBack()).toBeLessThan(size / 2)
  const hash = createHash('sha1')
  for await (const bytes of response) hash.update(bytes)
  expect(hash.digest('hex')).toBe(source.digest())
})

test.each(['with a length', 'in chunks'])(
  'large answers, some of them read after the others, reach each client byte for byte (%s)',
  async (how) => {
    const size = 16 * 2 ** 20
    await using proxied = await startProxied((socket, number) => {
      const answer = createHash('shake256', { outputLength: size }).update(String(number)).digest()
      const sum = createHash('sha256').update(answer).digest('hex')
      socket.on('data', () => {
        const framing = how === 'in chunks' ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`
        socket.write(`HTTP/1.1 200 OK\r\nX-Sum: ${sum}\r\n${framing}\r\n\r\n`)
        if (how === 'in chunks') socket.write(`${size.toString(16)}\r\n`)
        socket.write(answer)
        if (how === 'in chunks') socket.write('\r\n0\r\n\r\n')
      })
    })
    const read = async (begin: Promise<unknown>) => {
      const request = httpRequest({ port: proxied.port, agent: false }).end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      await begin
      const sum = createHash('sha256')
      for await (const bytes of response) sum.update(bytes)
      expect(sum.digest('hex')).toBe(response.headers['x-sum'])
    }
    for (let round = 0; round < 2; round++) {
      const { promise: afterTheOthers, resolve } = Promise.withResolvers<void>()
      const slow = [1, 2].map(() => read(afterTheOthers))
      for (const _ of slow) await read(Promise.resolve())
      resolve()
      await Promise.all(slow)
    }
  },
)

test.each(framings)('a slow upstream holds the client back, and loses nothing (%s)', async (framing) => {
  const hash = createHash('sha1')
  const source = new Source()
  const slow = createHttpServer(async (request, response) => {
    request.pause()
    await source.untilHeldBack()
    expect(source.given).toBeLessThan(size / 2)
    for await (const bytes of request) hash.update(bytes)
    response.end('ok')
  })
  await using proxied = await startProxied(() => {}, { streams: true }, slow)
  const client = connect(proxied.port, '127.0.0.1')
  const answer = text(client)
  client.write(`POST / HTTP/1.1\r\n${framed(framing)}\r\n${closing}`)
  source.bytes(framing !== 'Content-Length').pipe(client, { end: false })
  expect(await answer).toMatch(/ok\r\n|ok$/)
  expect(hash.digest('hex')).toBe(source.digest())
})

test('a body that streams is still there when nobody accepted the connection, and gone when somebody did', async () => {
  const live = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => bytes.toString('latin1').endsWith('body') && socket.write(ok))
  })
  const dead = createServer()
  for (const server of [live, dead]) await once(server.listen(0, '127.0.0.1'), 'listening')
  const [there, gone] = [live, dead].map((server) => upstreamAt((server.address() as AddressInfo).port))
  await new Promise((resolve) => dead.close(resolve))

  const tried: string[] = []
  const proxy = createHttpServer({ ServerResponse: Answer }, async (incoming, outgoing) => {
    const departure = new Departure(outgoing)
    const request = { incoming, outgoing, path: '/', body: unread(incoming, departure), withheld: [], departure }
    for (const upstream of [gone!, there!]) {
      await forward(upstream, request).catch((error: Error) => tried.push(error.message))
      if (request.body.type === 'streamed') tried.push(request.body.upload.isIntact ? 'intact' : 'sent')
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const client = connect((proxy.address() as AddressInfo).port, '127.0.0.1')
  client.write(`POST / HTTP/1.1\r\nContent-Length: 4\r\n${closing}body`)
  expect(await text(client)).toMatch(/ok$/)
  expect(tried).toEqual([expect.stringContaining('ECONNREFUSED'), 'intact', 'sent'])
  there!.pool.close()
  await Promise.all([live, proxy].map((server) => new Promise((resolve) => server.close(resolve))))
})

test('an event stream that breaks says so between two events, and only there', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
  for (const [chunks, isTold] of [
    ['9\r\ndata: 1\n\n\r\n', true],
    ['9\r\ndata: 1\n\n\r\n9\r\ndata', false],
  ] as const) {
    await using proxied = await startProxied((socket) => socket.on('data', () => socket.end(head + chunks)))
    const answer = await proxied.say(`GET / HTTP/1.1\r\n${closing}`)
    expect(answer).toContain('data: 1\n\n')
    expect(answer.includes('upstream_broke')).toBe(isTold)
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
  }
})

test.each(['chunked', 'to its end'])(
  'a stream of events that is silent is told that it lives, and only between two events (%s)',
  async (framing) => {
    const isChunked = framing === 'chunked'
    const framed = (text: string) => (isChunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text)
    const fields = `Content-Type: text/event-stream\r\n${isChunked ? 'Transfer-Encoding: chunked\r\n' : ''}`
    const pieces = ['data: one\n\n', 'data: t', 'wo\n\n']
    let socket: Socket | undefined
    await using proxied = await startProxied((connection) => connection.once('data', () => (socket = connection)), {
      heartbeatMs: 20,
    })
    const client = connect(proxied.port, '127.0.0.1')
    client.write(`GET / HTTP/1.1\r\n${closing}`)
    let said = ''
    client.on('data', (bytes) => (said += bytes))
    const beats = () => said.split(': the model is at work\n\n').length - 1
    await until('the upstream is asked', () => socket !== undefined)

    socket!.write(`HTTP/1.1 200 OK\r\n${fields}\r\n${framed(pieces[0]!)}`)
    await until('two beats', () => beats() >= 2)
    socket!.write(framed(pieces[1]!))
    await until('half an event', () => said.includes('data: t'))
    const before = beats()
    // Time for two more, had they been allowed.
    await once(AbortSignal.timeout(60), 'abort')
    expect(beats()).toBe(before)
    socket!.write(framed(pieces[2]!))
    await until('a beat after it', () => beats() > before)
    socket!.end(isChunked ? '0\r\n\r\n' : '')
    await once(client, 'close')
    const body = said.slice(said.indexOf('\r\n\r\n') + 4)
    const plain = unchunked(body)
    expect(plain.replaceAll(': the model is at work\n\n', '')).toBe('data: one\n\ndata: two\n\n')
  },
)

test('an upstream that does not answer in time is a 504, and its late answer reaches nobody', async () => {
  await using proxied = await startProxied(() => {}, { timeouts: { responseHeaderMs: 20 } })
  expect(codeOf(await post(proxied, 'a'))).toEqual([504, 'gateway_timeout'])
})

test('a connection that rests too long is closed', async () => {
  let isGone = false
  await using proxied = await startProxied(
    (socket) => {
      answering(ok)(socket, 1)
      socket.on('close', () => {
        isGone = true
      })
    },
    { timeouts: { idleConnectionMs: 20 } },
  )
  await post(proxied, 'a')
  await until('it is closed', () => isGone)
  expect(await post(proxied, 'b')).toMatch(/ok$/)
})

test('an upstream that nobody listens for is a 502 that says so', async () => {
  const upstream = createServer()
  await using proxied = await startProxied(() => {}, {}, upstream)
  await new Promise((resolve) => upstream.close(resolve))
  const answer = await post(proxied, 'a')
  expect(codeOf(answer)).toEqual([502, 'bad_gateway'])
  expect(answer).toContain('ECONNREFUSED')
})

test('an upstream is spoken to over TLS, and not if its certificate is wrong', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../fixtures/localhost.${name}`, import.meta.url), 'utf8')
  const server = () => tls.createServer({ key: pem('key'), cert: pem('crt') })
  {
    await using proxied = await startProxied(answering(ok), { isSecure: true }, server())
    expect(codeOf(await post(proxied, 'a'))).toEqual([502, 'bad_gateway'])
  }
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem('crt')])
  await using proxied = await startProxied(answering(ok), { isSecure: true }, server())
  expect(await post(proxied, 'a')).toMatch(/ok$/)
  expect(await post(proxied, 'b')).toMatch(/ok$/)
  expect(proxied.connections()).toBe(1)
  await using streaming = await startProxied(answering(ok), { isSecure: true, streams: true }, server())
  expect(await post(streaming, 'a')).toMatch(/ok$/)
})
