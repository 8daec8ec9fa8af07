import type { Filters } from '../../config/filters.ts'
import { bodyNotObject } from '../errors.ts'
import { openBrace, skipSpace } from './json.ts'
import { setJson, stripJson } from './json-edit.ts'
import { type Content, type Naming, rename } from './naming.ts'

/** What is changed in a request before it goes to its model. */
export interface Rewriting {
  /** What the upstream is to read as the model; null leaves what the client wrote. */
  readonly model: string | null
  readonly filters: Filters
  /** The name that was asked for, which decides about `setParamsByID`. */
  readonly name: string
}

/**
 * The request as its model is to read it (server §8.1): renamed, then stripped, then set. Filters are for JSON; a request
 * that nothing is to be changed in keeps its very bytes, and a GET never gains a body (W10).
 * @throws ApiError 400 for parameters that have no object to stand in
 */
export function rewrite(content: Content, naming: Naming, { model, filters, name }: Rewriting): Content {
  const named = model === null || model === naming.model ? content : rename(content, naming, model)
  const params = [...filters.set, ...(filters.setById.get(name) ?? [])]
  if (naming.medium !== 'json' || filters.strip.length + params.length === 0) return named
  if (named.body[skipSpace(named.body, 0)] !== openBrace) throw bodyNotObject()

  const stripped = filters.strip.reduce(stripJson, named.body)
  return { ...named, body: params.reduce((body, { path, json }) => setJson(body, path, json), stripped) }
}
