import type { Connection } from '../proxy/http1/connection.ts'
import type { Recipient } from '../proxy/reception.ts'
import { Translation } from '../proxy/translation.ts'

/** How the answer to one kind of request reads in Ollama's words. */
export interface Wording {
  /** A piece of a stream, if it says something. */
  piece(data: unknown): object | null
  /** What ends a stream. */
  end(): object
  /** An answer that came whole. */
  whole(data: unknown): object
}

/** A whole answer is translated in memory: embeddings of a thousand texts are some tens of MiB. */
const mostBytes = 256 * 2 ** 20

/** Hands a model's answer to a client of Ollama: a stream as lines of JSON, anything else as one object. */
export class OllamaReception extends Translation {
  readonly #wording: Wording
  readonly #fields: readonly string[]

  constructor(recipient: Recipient, connection: Connection, wording: Wording) {
    super(recipient, connection, mostBytes)
    this.#wording = wording
    this.#fields = recipient.fields ?? []
  }

  protected get hasBegun(): boolean {
    return this.outgoing.headersSent
  }

  protected begin(isStream: boolean): void {
    if (isStream) this.#head(200, 'application/x-ndjson').flushHeaders()
  }

  protected event({ data }: { data: string }): void {
    const piece = data === '[DONE]' ? null : this.#wording.piece(parsed(data))
    if (piece) this.#say(piece)
  }

  protected close(): void {
    this.#say(this.#wording.end())
  }

  protected whole(status: number, body: Buffer): void {
    const data = parsed(body.toString())
    const value = status === 200 ? this.#wording.whole(data) : { error: messageIn(data) }
    this.#head(status, 'application/json')
    this.write(JSON.stringify(value))
  }

  protected break(error: Error): void {
    this.#say({ error: `The model's connection broke in the middle of its answer (${error.message}).` })
    this.outgoing.write('', () => this.outgoing.destroy())
  }

  #head(status: number, type: string): Recipient['outgoing'] {
    return this.outgoing.writeHead(status, ['Content-Type', type, ...this.#fields])
  }

  #say(value: object): void {
    this.write(`${JSON.stringify(value)}\n`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Ollama tells errors as one text. */
function messageIn(data: unknown): string {
  const error = (data as { error?: unknown } | null)?.error
  const message = (error as { message?: unknown } | null)?.message ?? error ?? data
  return typeof message === 'string' ? message : JSON.stringify(message)
}
