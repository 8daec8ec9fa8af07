import { createServer, type Socket } from 'node:net'

/*
 * A model that costs next to nothing: raw sockets and canned answers, so that what is measured is the way to it. The header
 * `x-bench` says what is wanted: `bytes N` for an answer of that size, `stream CHUNKS INTERVAL_MS` for events that
 * bear the time of their sending. It prints the port on which it listens.
 */

const endOfHead = Buffer.from('\r\n\r\n')
const canned = new Map<string, Buffer>()

/** An answer with its length announced. */
function answerOf(size: number): Buffer {
  const key = String(size)
  const known = canned.get(key)
  if (known) return known
  const filler = 'x'.repeat(Math.max(0, size - 60))
  const body = Buffer.from(JSON.stringify({ id: 'x', object: 'chat.completion', content: filler }).padEnd(size))
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  const answer = Buffer.concat([Buffer.from(head), body])
  canned.set(key, answer)
  return answer
}

/** Collects requests on one connection. Bodies are counted, not kept. */
function serve(socket: Socket): void {
  let head = ''
  let missing = 0
  let wanted: string | undefined
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    let at = 0
    while (at < bytes.length) {
      if (missing === 0) {
        const end = bytes.indexOf(endOfHead, at)
        if (end < 0) {
          head += bytes.toString('latin1', at)
          return
        }
        head += bytes.toString('latin1', at, end + 4)
        at = end + 4
        missing = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
        wanted = /^x-bench: *(.*)\r$/im.exec(head)?.[1]
        head = ''
      }
      const taken = Math.min(missing, bytes.length - at)
      missing -= taken
      at += taken
      if (missing === 0) answer(socket, wanted)
    }
  })
}

function answer(socket: Socket, wanted = 'bytes 2048'): void {
  const [kind, first, second] = wanted.split(' ')
  if (kind === 'stream') stream(socket, Number(first), Number(second))
  else socket.write(answerOf(Number(first)))
}

const streamHead = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
/** With its time of 16 digits in front, an event of 200 bytes: about one token of a chat. */
const filling = `${'x'.repeat(200 - 'data: 0000000000000000 \n\n'.length)}\n\n`

function stream(socket: Socket, chunks: number, intervalMs: number): void {
  socket.write(streamHead)
  let sent = 0
  const stop = () => clearInterval(timer)
  const timer = setInterval(() => {
    if (sent++ === chunks) {
      stop()
      socket.off('close', stop)
      socket.write('0\r\n\r\n')
      return
    }
    const event = `data: ${String(process.hrtime.bigint() / 1000n).padStart(16, '0')} ${filling}`
    socket.write(`${event.length.toString(16)}\r\n${event}\r\n`)
  }, intervalMs)
  socket.once('close', stop)
}

const server = createServer(serve)
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  if (typeof address === 'object') console.log(address?.port)
})
