import type { Body, Whole } from './body.ts'
import { splice } from './json-edit.ts'
import { malformed } from './malformed.ts'
import { type Medium, mediumOf, scannerFor } from './medium.ts'
import { joined, textAt } from './pieces.ts'
import type { Span } from './scanner.ts'

/** What of a request may name its model. */
export interface Content<B extends Body = Body> {
  /** Whole and empty for GET. */
  readonly body: B
  /** The Content-Type, if there is one. */
  readonly type: string | undefined
  /** Without the question mark. */
  readonly query: string
}

/** The model that a request names, and what else is said beside it. */
export interface Naming {
  readonly medium: Medium
  /** Undefined when it names none. Compared exactly. */
  readonly model: string | undefined
  /** The answer is to come as a stream of events. */
  readonly stream: boolean
  /** Where its body names the model; null when the query does, or nothing. */
  readonly place: Span | null
}

/**
 * Reads the model where the media type puts it.
 * @throws ApiError 400 when the body is not what its type says (W6)
 */
export function readNaming({ body: { pieces }, type, query }: Content<Whole>): Naming {
  const medium = mediumOf(type, pieces[0]?.[0])
  const scanner = scannerFor(medium, type)
  try {
    for (const piece of pieces) scanner.push(piece)
    scanner.end()
  } catch (error) {
    throw malformed(error)
  }
  return namingIn(medium, pieces, scanner.found, query)
}

/**
 * The naming in what has come of a body, in which these fields were found.
 * @throws ApiError 400 when the name is a string with a bad escape
 */
export function namingIn(
  medium: Medium,
  pieces: readonly Buffer[],
  found: ReadonlyMap<string, Span>,
  query: string,
): Naming {
  const place = found.get('model') ?? null
  const streamPlace = found.get('stream')
  const model = place ? textAt(pieces, place) : undefined
  const stream = streamPlace && textAt(pieces, streamPlace)
  if (medium === 'json') return { medium, model: nameIn(model) || undefined, stream: isTrue(stream), place }

  const search = new URLSearchParams(query)
  const asked = search.get('model')
  if (medium === 'multipart') {
    const isTold = asked !== null
    return { medium, model: (asked ?? model) || undefined, stream: stream === 'true', place: isTold ? null : place }
  }
  const named = model === undefined ? asked : valueIn(model)
  const streams = stream === undefined ? search.get('stream') : valueIn(stream)
  return { medium, model: named || undefined, stream: streams === 'true', place }
}

/** The same request with another model in the same place: not another byte of a body changes (W7, W8). */
export function rename<B extends Body>(content: Content<B>, { medium, place }: Naming, model: string): Content<B> {
  if (!place) return { ...content, query: withModel(content.query, model) }
  return { ...content, body: replace(content.body, place, spell(medium, model)) }
}

/** As a body of that kind has it at the place of a naming. */
function spell(medium: Medium, model: string): string {
  switch (medium) {
    case 'json':
      return JSON.stringify(model)
    case 'multipart':
      return model
    case 'form':
    case 'query':
      return `model=${encodeURIComponent(model)}`
  }
}

function replace<B extends Body>(body: B, place: Span, text: string): B {
  switch (body.type) {
    case 'none':
      return body
    case 'whole':
      return { ...body, pieces: [splice(joined(body.pieces), place, text)] }
    case 'streamed':
      body.upload.replace(place, text)
      return body
  }
}

/** Anything but a string is a name as it is written: `123` is the model "123" (server §6.2). */
function nameIn(json: string | undefined): string | undefined {
  if (!json?.startsWith('"')) return json === 'null' ? undefined : json
  try {
    return String(JSON.parse(json))
  } catch (error) {
    throw malformed(error)
  }
}

function isTrue(json = 'false'): boolean {
  return /^(?:true|"(?:1|[tT]|true|TRUE|True)")$/.test(json) || Math.abs(Number(json)) > 0
}

/** Of a pair as a form has it. */
function valueIn(pair: string): string | undefined {
  const [value] = new URLSearchParams(`&${pair}`).values()
  return value
}

/** Changes one pair of a query, and leaves the others as they were written. */
function withModel(query: string, model: string): string {
  const pairs = query.split('&')
  const at = pairs.findIndex((pair) => new URLSearchParams(pair).has('model'))
  return at < 0 ? query : pairs.with(at, `model=${encodeURIComponent(model)}`).join('&')
}
