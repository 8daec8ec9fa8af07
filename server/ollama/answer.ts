import * as v from 'valibot'
import type { Wording } from './reception.ts'

/* What the OpenAI paths answer, as clients of Ollama read it. */

/** Which of Ollama's paths was asked: the text stands elsewhere in each. */
export type Form = 'chat' | 'generate'

/** Whose answer it is, and what hotseat knows of its making. */
export interface Origin {
  readonly form: Form
  /** As the client wrote it. */
  readonly model: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** From the request to the lease: waiting and loading. */
  readonly loadMs: number
  now(): number
}

const text = v.nullish(v.string(), '')
const toolCall = v.object({
  index: v.optional(v.number(), 0),
  function: v.optional(v.object({ name: text, arguments: text }), {}),
})

/** A piece of a stream, or a whole answer: both have their text in the same words. */
const message = v.object({
  content: text,
  reasoning_content: text,
  reasoning: text,
  tool_calls: v.nullish(v.array(toolCall), []),
})

const pieceSchema = v.object({
  choices: v.optional(
    v.array(
      v.object({
        delta: v.optional(message),
        message: v.optional(message),
        /** Of `/v1/completions`. */
        text,
        finish_reason: v.nullish(v.string()),
      }),
    ),
    [],
  ),
  usage: v.nullish(
    v.object({ prompt_tokens: v.optional(v.number(), 0), completion_tokens: v.optional(v.number(), 0) }),
  ),
  /** llama-server's. */
  timings: v.nullish(v.object({ prompt_ms: v.optional(v.number(), 0), predicted_ms: v.optional(v.number(), 0) })),
})

type Piece = v.InferOutput<typeof pieceSchema>

interface Said {
  readonly content: string
  readonly thinking: string
}

const nothing: Said = { content: '', thinking: '' }

interface Call {
  readonly name: string
  readonly arguments: string
}

/** Turns the pieces of an answer into Ollama's, one object for each that says something and one for the end. */
export class AnswerTranslator implements Wording {
  readonly #origin: Origin
  readonly #calls = new Map<number, Call>()
  #reason = 'stop'
  #usage: Piece['usage'] | undefined
  #timings: Piece['timings'] | undefined
  #firstAt: number | undefined

  constructor(origin: Origin) {
    this.#origin = origin
  }

  /** @returns null for a piece that says nothing to the user */
  piece(data: unknown): object | null {
    const said = this.#read(data)
    return said.content === '' && said.thinking === '' ? null : this.#object(said, false)
  }

  /** A whole answer, in one object. */
  whole(data: unknown): object {
    return this.end(this.#read(data))
  }

  /** The last object: what was called, why it ended and what it took. Durations are in nanoseconds. */
  end(said: Said = nothing): object {
    const { startedAt, loadMs, now } = this.#origin
    const nanoseconds = (ms: number) => Math.round(ms * 1e6)
    const generating = this.#firstAt === undefined ? 0 : now() - this.#firstAt
    return {
      ...this.#object(said, true),
      done_reason: this.#reason,
      total_duration: nanoseconds(now() - startedAt),
      load_duration: nanoseconds(loadMs),
      prompt_eval_count: this.#usage?.prompt_tokens ?? 0,
      prompt_eval_duration: nanoseconds(this.#timings?.prompt_ms ?? 0),
      eval_count: this.#usage?.completion_tokens ?? 0,
      eval_duration: nanoseconds(this.#timings?.predicted_ms ?? generating),
    }
  }

  #read(data: unknown): Said {
    const parsed = v.safeParse(pieceSchema, data)
    if (!parsed.success) return nothing
    const { choices, usage, timings } = parsed.output
    this.#usage = usage ?? this.#usage
    this.#timings = timings ?? this.#timings
    const [choice] = choices
    if (!choice) return nothing
    if (choice.finish_reason) this.#reason = choice.finish_reason === 'length' ? 'length' : 'stop'
    this.#firstAt ??= this.#origin.now()

    const said = choice.delta ?? choice.message
    for (const call of said?.tool_calls ?? []) this.#addCall(call)
    return { content: said?.content || choice.text || '', thinking: said?.reasoning_content || said?.reasoning || '' }
  }

  /** Arguments of a call come in pieces, which its place holds together. */
  #addCall({ index, function: { name, arguments: given } }: v.InferOutput<typeof toolCall>): void {
    const call = this.#calls.get(index) ?? { name: '', arguments: '' }
    this.#calls.set(index, { name: call.name + name, arguments: call.arguments + given })
  }

  #object(said: Said, done: boolean): object {
    const { form, model, now } = this.#origin
    const head = { model, created_at: new Date(now()).toISOString() }
    const thinking = said.thinking && { thinking: said.thinking }
    if (form === 'generate') return { ...head, response: said.content, ...thinking, done }
    const calls = [...this.#calls.values()].map(({ name, arguments: given }) => ({
      function: { name, arguments: argumentsOf(given) },
    }))
    const tool_calls = done && calls.length > 0 && { tool_calls: calls }
    return { ...head, message: { role: 'assistant', content: said.content, ...thinking, ...tool_calls }, done }
  }
}

/** Ollama has them parsed. A model may write what is no JSON: then they are shown as they are. */
function argumentsOf(written: string): unknown {
  try {
    return JSON.parse(written || '{}')
  } catch {
    return { input: written }
  }
}
