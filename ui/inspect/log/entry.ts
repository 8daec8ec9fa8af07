import type { EventFrame } from '../../../machines/inspect/frames.ts'

/** A line of the event log. */
export interface Entry {
  /** Of a line of a trace, its number. */
  readonly id: number
  /** Null for what has no time of its own. */
  readonly at: number | null
  /** Whom the event passed, in order: the first sent it. */
  readonly path: readonly string[]
  readonly type: string
  /** What the event says, in a line. */
  readonly summary: string
  readonly event: unknown
  /** The actor and models that it concerns. */
  readonly about: readonly string[]
}

/** Events of which every request has some. */
const perRequest = new Set(['request', 'request.cancel', 'serve.done', 'grant.serve', 'grant.error'])

export function entryOf(id: number, frame: EventFrame): Entry {
  const { sourceId = 'outside', sessionId, event, createdAt } = frame
  return {
    id,
    at: Number(createdAt),
    path: [sourceId, sessionId],
    type: event.type,
    summary: summaryOf(event),
    event,
    about: [sourceId, sessionId, ...aboutOf(event)],
  }
}

/** The same event passed on: one line says it. Undefined when it is another. */
export function passedOn(entry: Entry, { sourceId, sessionId, event }: EventFrame): Entry | undefined {
  const isSame = entry.type === event.type && entry.summary === summaryOf(event)
  if (!isSame || sourceId === undefined || !entry.path.includes(sourceId)) return undefined
  return { ...entry, path: [...entry.path, sessionId], about: [...entry.about, sessionId] }
}

export interface Filter {
  readonly text: string
  readonly requests: boolean
  /** An actor, such as `process.qwen`; null for all. */
  readonly actor: string | null
}

export function passes({ path, type, summary, about }: Entry, { text, requests, actor }: Filter): boolean {
  if (!requests && perRequest.has(type)) return false
  if (actor !== null && !about.includes(actor) && !about.includes(actor.replace(/^(?:process|swap)\./, '')))
    return false
  const words = text.toLowerCase().split(/\s+/)
  const whole = `${path.join(' ')} ${type} ${summary}`.toLowerCase()
  return words.every((word) => whole.includes(word))
}

/** `request 7, model qwen` */
export function summaryOf(event: object): string {
  const fields = Object.entries(event).filter(([key, value]) => key !== 'type' && key !== 'at' && value !== null)
  return fields.map(([key, value]) => `${key} ${inWords(value)}`).join(', ')
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inWords).join(' and ')
  if (typeof value !== 'object' || value === null) return String(value)
  if ('xstate$$type' in value && 'id' in value) return String(value.id)
  return Object.values(value).map(inWords).join(' ')
}

/** The models that an event names. */
export function aboutOf(event: object): readonly string[] {
  const { model, target, models, lives } = event as Record<string, unknown>
  const lists = [models, lives].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
  return [
    model,
    target,
    ...lists.map((item) => (typeof item === 'object' ? (item as { model: unknown }).model : item)),
  ].filter((name) => typeof name === 'string')
}
