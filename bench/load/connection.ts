import { connect, type Socket } from 'node:net'

const endOfHead = Buffer.from('\r\n\r\n')
const endOfChunks = Buffer.from('0\r\n\r\n')

/** One client's connection: a raw socket, so that the load costs less than what it measures. One request at a time. */
export class Connection {
  readonly #socket: Socket
  #settle: ((error?: Error) => void) | undefined
  /** Whatever has come of an answer whose head is not complete. */
  #head: Buffer = Buffer.alloc(0)
  /** Bytes of the body that are missing; -1 while the head is awaited, Infinity while chunks come. */
  #missing = -1
  /** The last bytes of a chunked answer: its end may come in pieces. */
  #tail: Buffer = Buffer.alloc(0)
  /** Gets the bytes after the head as they come, framing and all. */
  onBody: (bytes: Buffer) => void = () => {}
  status = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', (error) => this.#end(error))
    socket.on('close', () => this.#end(new Error('the connection was closed')))
  }

  static open(port: number): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>()
    const socket = connect(port, '127.0.0.1', () => {
      socket.off('error', reject)
      resolve(new Connection(socket))
    })
    socket.once('error', reject)
    return promise
  }

  /** Sends the bytes of one request and calls back when the whole answer, or an error, is there. */
  send(request: Buffer, settle: (error?: Error) => void): void {
    this.#settle = settle
    this.#missing = -1
    this.#socket.write(request)
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    let body = bytes
    if (this.#missing === -1) {
      const all = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes])
      const end = all.indexOf(endOfHead)
      if (end < 0) {
        this.#head = all
        return
      }
      this.#head = Buffer.alloc(0)
      const head = all.toString('latin1', 0, end)
      this.status = Number(head.slice(9, 12))
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
      this.#missing = length === undefined ? Number.POSITIVE_INFINITY : Number(length)
      body = all.subarray(end + 4)
    }
    this.#missing -= body.length
    if (body.length > 0) this.onBody(body)
    if (this.#missing === Number.POSITIVE_INFINITY ? this.#endsChunks(body) : this.#missing <= 0) {
      this.#end(this.status === 200 ? undefined : new Error(`status ${this.status}`))
    }
  }

  #endsChunks(body: Buffer): boolean {
    const last = body.length < endOfChunks.length ? Buffer.concat([this.#tail, body]) : body
    this.#tail = last.subarray(-endOfChunks.length)
    return this.#tail.equals(endOfChunks)
  }

  #end(error?: Error): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(error)
  }
}
