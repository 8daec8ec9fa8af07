import type { Hotseat } from './hotseat.ts'
import { until } from './until.ts'

/** A message of `/api/events`, decoded. */
export interface EventMessage {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: each type has its own shape, which the tests state
  readonly data: any
}

/** A client of `/api/events`. */
export interface Events extends AsyncDisposable {
  readonly response: Response
  /** Everything that has come, as it came. */
  text(): string
  all(type?: string): readonly EventMessage[]
  /** Waits until a message is such. */
  find(label: string, isIt: (message: EventMessage) => boolean): Promise<EventMessage>
}

export async function listen(hotseat: Hotseat, headers: Record<string, string> = {}): Promise<Events> {
  const leaving = new AbortController()
  const response = await hotseat.get('/api/events', { headers, signal: leaving.signal })
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk
  })().catch(() => {})
  const all = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((frame) => (frame.startsWith('event:message\ndata:') ? [decode(frame)] : []))
  return {
    response,
    text: () => text,
    all: (type) => all().filter((message) => type === undefined || message.type === type),
    async find(label, isIt) {
      await until(label, () => all().some(isIt))
      return all().find(isIt)!
    },
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await reading
    },
  }
}

function decode(frame: string): EventMessage {
  const { type, data } = JSON.parse(frame.slice('event:message\ndata:'.length)) as { type: string; data: string }
  return { type, data: JSON.parse(data) }
}
