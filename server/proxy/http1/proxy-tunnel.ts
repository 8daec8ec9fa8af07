import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { ProtocolError, ProxyRefusedError } from './errors.ts'
import { parseHead } from './head.ts'
import type { ForwardProxy, Place } from './origin.ts'

const endOfHead = '\r\n\r\n'
const mostHeadBytes = 32 * 1024

/**
 * A way through a proxy to a server (CONNECT, RFC 9110 §9.3.6). What is written before it stands is sent when it does, and
 * then it says `connect`. A proxy that refuses destroys it with a `ProxyRefusedError`.
 */
export class ProxyTunnel extends Duplex {
  readonly #socket: Socket
  readonly #proxy: ForwardProxy
  #said = Buffer.alloc(0)
  #stands = false
  /** What waits until it stands. */
  #deferred: (() => void) | undefined

  constructor(socket: Socket, { hostname, port }: Place, proxy: ForwardProxy) {
    super()
    this.#socket = socket
    this.#proxy = proxy
    const target = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
    const authorization = proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`)
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#whenItStands(() => this.#socket.write(bytes, done))
  }

  override _final(done: () => void): void {
    this.#whenItStands(() => this.#socket.end(done))
  }

  override _read(): void {
    if (this.#stands) this.#socket.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }

  #whenItStands(act: () => void): void {
    if (this.#stands) act()
    else this.#deferred = act
  }

  #read(bytes: Buffer): void {
    if (this.#stands) {
      if (!this.push(bytes)) this.#socket.pause()
      return
    }
    this.#said = Buffer.concat([this.#said, bytes])
    const end = this.#said.indexOf(endOfHead)
    if (end >= 0) this.#open(end + endOfHead.length)
    else if (this.#said.length > mostHeadBytes) this.destroy(new ProtocolError('the head of the proxy is too large'))
  }

  #open(endOfItsHead: number): void {
    try {
      const { status, reason } = parseHead(this.#said.toString('latin1', 0, endOfItsHead), 'CONNECT')
      if (status < 200 || status > 299) throw new ProxyRefusedError(`${this.#proxy.label} said ${status} ${reason}`)
    } catch (error) {
      this.destroy(error as Error)
      return
    }
    this.#stands = true
    const early = this.#said.subarray(endOfItsHead)
    this.#said = Buffer.alloc(0)
    if (early.length > 0) this.push(early)
    this.emit('connect')
    this.#deferred?.()
    this.#deferred = undefined
  }
}
