import { invalidJson, invalidMultipart } from '../errors.ts'
import { splice } from './json-edit.ts'
import { scanObject } from './json-scanner.ts'
import { scanMultipart } from './multipart.ts'
import type { Span } from './scanner.ts'

/** What of a request may name its model. */
export interface Content {
  /** Empty for GET. */
  readonly body: Buffer
  /** The Content-Type, if there is one. */
  readonly type: string | undefined
  /** Without the question mark. */
  readonly query: string
}

/** Where a request names its model. */
export type Medium = 'json' | 'multipart' | 'form' | 'query'

/** The model that a request names, and what else is said beside it. */
export interface Naming {
  readonly medium: Medium
  /** Undefined when it names none. Compared exactly. */
  readonly model: string | undefined
  /** The answer is to come as a stream of events. */
  readonly stream: boolean
}

/**
 * Reads the model where the media type puts it (server §6). A body that begins with a brace and does not say what it is
 * is JSON whose sender forgot to say so, as with a plain `curl -d`: no form begins with a brace (W5).
 * @throws ApiError 400 when the body is not what its type says (W6)
 */
export function readNaming(content: Content): Naming {
  const medium = mediumOf(content)
  const { model, stream } = fieldsIn(medium, content)
  return { medium, model: model || undefined, stream }
}

/** The same request with another model in the same place: not another byte of a body changes (W7, W8). */
export function rename(content: Content, { medium }: Pick<Naming, 'medium'>, model: string): Content {
  const { body, type, query } = content
  switch (medium) {
    case 'json': {
      const span = scanObject(body, ['model']).get('model')
      return span ? { ...content, body: splice(body, span, JSON.stringify(model)) } : content
    }
    case 'multipart': {
      if (new URLSearchParams(query).has('model')) return { ...content, query: withModel(query, model) }
      const span = scanMultipart(body, type ?? '', ['model']).get('model')
      return span ? { ...content, body: splice(body, span, model) } : content
    }
    case 'form': {
      const form = body.toString('latin1')
      if (!new URLSearchParams(form).has('model')) return { ...content, query: withModel(query, model) }
      return { ...content, body: Buffer.from(withModel(form, model), 'latin1') }
    }
    case 'query':
      return { ...content, query: withModel(query, model) }
  }
}

function mediumOf({ body, type }: Content): Medium {
  const media = type?.toLowerCase() ?? ''
  const isForm = media.startsWith('application/x-www-form-urlencoded')
  if ((media === '' || isForm) && body[0] === 0x7b) return 'json'
  if (/^application\/(?:[^;]*\+)?json\b/.test(media)) return 'json'
  if (media.startsWith('multipart/form-data')) return 'multipart'
  return isForm ? 'form' : 'query'
}

interface Fields {
  readonly model: string | null | undefined
  readonly stream: boolean
}

function fieldsIn(medium: Medium, { body, type, query }: Content): Fields {
  switch (medium) {
    case 'json':
      return fieldsInJson(body)
    case 'multipart': {
      const fields = scanned(body, type ?? '')
      const model = new URLSearchParams(query).get('model') ?? textAt(body, fields.get('model'))
      return { model, stream: textAt(body, fields.get('stream')) === 'true' }
    }
    case 'form': {
      const [form, search] = [new URLSearchParams(body.toString()), new URLSearchParams(query)]
      const get = (name: string) => form.get(name) ?? search.get(name)
      return { model: get('model'), stream: get('stream') === 'true' }
    }
    case 'query': {
      const search = new URLSearchParams(query)
      return { model: search.get('model'), stream: search.get('stream') === 'true' }
    }
  }
}

function fieldsInJson(body: Buffer): Fields {
  // Nothing at all names nothing: that is said better than that it is not JSON.
  if (body.length === 0) return { model: undefined, stream: false }
  try {
    const spans = scanObject(body, ['model', 'stream'])
    const text = textAt(body, spans.get('model'))
    const stream = textAt(body, spans.get('stream')) ?? 'false'
    // Anything but a string is a name as it is written: `123` is the model "123" (server §6.2).
    const model = text?.startsWith('"') ? String(JSON.parse(text)) : text === 'null' ? undefined : text
    return { model, stream: /^(?:true|"(?:1|[tT]|true|TRUE|True)")$/.test(stream) || Math.abs(Number(stream)) > 0 }
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidJson(error)
    throw error
  }
}

function scanned(body: Buffer, type: string): ReadonlyMap<string, Span> {
  try {
    return scanMultipart(body, type, ['model', 'stream'])
  } catch (error) {
    throw invalidMultipart(error)
  }
}

function textAt(bytes: Buffer, span: Span | undefined): string | undefined {
  return span && bytes.toString('utf8', span.start, span.end)
}

/** Changes one pair of a query or form, and leaves the others as they were written. */
function withModel(query: string, model: string): string {
  const pairs = query.split('&')
  const at = pairs.findIndex((pair) => new URLSearchParams(pair).has('model'))
  return at < 0 ? query : pairs.with(at, `model=${encodeURIComponent(model)}`).join('&')
}
