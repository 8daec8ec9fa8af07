import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { http } from '../../process/builtins.ts'

type Heads = OutgoingHttpHeaders | readonly OutgoingHttpHeader[]

/**
 * An answer that knows what was sent, made by the listener for each request (`ServerResponse` of `createServer`).
 * Emits `head` once its head is on the way.
 */
export class Answer extends http.ServerResponse<IncomingMessage> {
  /** Bytes of the body that were handed over, without framing. */
  bodyBytes = 0
  /** Set when the client wants to speak another protocol on this connection: what it has said in it already. */
  upgrade: Buffer | null = null
  #given: Heads = {}

  /** The head as it was sent, as pairs; empty until then. */
  sentHeaders(): readonly (readonly [name: string, value: string])[] {
    if (!this.headersSent) return []
    const kept = this.getHeaderNames()
    if (kept.length > 0) return kept.map((name) => [name, text(this.getHeader(name))])
    const given = this.#given
    if (!Array.isArray(given)) return Object.entries(given).map(([name, value]) => [name, text(value)])
    return given.flatMap((name, index) => (index % 2 === 0 ? [[text(name), text(given[index + 1])] as const] : []))
  }

  override writeHead(status: number, ...rest: [reason?: string | Heads, headers?: Heads]): this {
    const index = rest.findIndex((part) => typeof part === 'object')
    const given = rest[index] as Heads | undefined
    if (given) {
      // A list replaces what was set before under the same names, and caches need to know of both reasons.
      const vary = Array.isArray(given) ? this.getHeader('vary') : undefined
      this.#given = vary === undefined ? given : [...(given as string[]), 'Vary', String(vary)]
      rest[index] = this.#given
    }
    super.writeHead(status, ...(rest as [string, OutgoingHttpHeaders]))
    this.emit('head')
    return this
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.bodyBytes += sizeOf(chunk)
    return super.write(chunk, ...(rest as [BufferEncoding]))
  }

  /** Writes bytes whose framing is there already. Whoever does so counts what is body in them. */
  writeFramed(chunk: Buffer, written?: () => void): boolean {
    return super.write(chunk, written)
  }

  override end(chunk?: unknown, ...rest: unknown[]): this {
    this.bodyBytes += sizeOf(chunk)
    return super.end(chunk, ...(rest as [BufferEncoding]))
  }
}

function sizeOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk)
  return chunk instanceof Uint8Array ? chunk.length : 0
}

function text(value: OutgoingHttpHeader | undefined): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}
