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

/** What an event is: its name, which its data tells as well. Some models send the data alone. */
export function typeOf({ event, data }: SseEvent): string {
  return event ?? String(objectIn(data)?.type ?? '')
}

/** The event with other data. One whose data is no object stays as it is. */
export function amended(event: SseEvent, amend: (data: Readonly<Record<string, unknown>>) => object): SseEvent {
  const data = objectIn(event.data)
  return data ? { ...event, data: JSON.stringify(amend(data)) } : event
}

export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A number raised by one, to make room for what stands before it; what is none stays as it is. */
export function raised(value: unknown): unknown {
  return typeof value === 'number' ? value + 1 : value
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
