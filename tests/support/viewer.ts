import type { Frame } from '../../machines/inspect/frames.ts'
import { until } from './until.ts'

/** A page that watches the inspector, as far as the stream goes. */
export interface Watcher extends AsyncDisposable {
  /** What it was told since the last beginning. */
  readonly frames: readonly Frame[]
  /** Of how many actors each beginning told. */
  readonly beginnings: readonly number[]
  /** Events of requests that it was not told. */
  readonly skipped: number
  /** All that came, as text. */
  readonly text: string
  /** Waits for an event with this type. */
  hears(type: string): Promise<void>
}

export async function watch(url: string): Promise<Watcher> {
  const leaving = new AbortController()
  const response = await fetch(`${url}/inspect/events`, { signal: leaving.signal })
  if (!response.ok || !response.body) throw new Error(`/inspect/events answers ${response.status}`)
  const told = { frames: [] as Frame[], beginnings: [] as number[], skipped: 0, text: '' }
  const end = read(response.body, told).catch(() => {})
  await until('it is told who is there', () => told.beginnings.length > 0)
  return Object.assign(told, {
    hears: (type: string) => until(`it hears ${type}`, () => told.frames.some((frame) => isEvent(frame, type))),
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await end
    },
  })
}

export function isEvent(frame: Frame, type: string): boolean {
  return frame.type === '@xstate.event' && frame.event.type === type
}

async function read(
  body: ReadableStream<Uint8Array>,
  told: { frames: Frame[]; beginnings: number[]; skipped: number; text: string },
): Promise<void> {
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    told.text += chunk
    const messages = (rest + chunk).split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const [, type, data = ''] = /^event:(\w+)\ndata:(.*)$/s.exec(message) ?? []
      if (type === 'begin') {
        told.beginnings.push(Number(data))
        told.frames.length = 0
      } else if (type === 'skipped') told.skipped += Number(data)
      else if (data !== '') told.frames.push(JSON.parse(data) as Frame)
    }
  }
}
