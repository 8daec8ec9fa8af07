/** One server-sent event. */
export interface SseEvent {
  /** Its name; undefined for the nameless ones of the chat protocol. */
  readonly event: string | undefined
  readonly data: string
}

export function formatEvent({ event, data }: SseEvent): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`
}

/** A named event whose data tells its name again, as Anthropic and OpenAI's responses have it. */
export function named(type: string, fields: object): SseEvent {
  return { event: type, data: JSON.stringify({ type, ...fields }) }
}

/** How a protocol tells a client of progress before its answer has begun, and goes over into the answer. */
export interface LoadingDialect {
  /** Before the first word. */
  open(): readonly SseEvent[]
  say(text: string): readonly SseEvent[]
  /** After the last word. */
  close(): readonly SseEvent[]
  /** The model's own events, as the continuation of what was said; null leaves the bytes as they are. */
  readonly continue: ((event: SseEvent) => readonly SseEvent[]) | null
  /** The end when no answer comes. The object is an error as this protocol has it. */
  fail(error: object): readonly SseEvent[]
}
