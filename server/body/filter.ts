import type { Filters, Param } from '../../config/filters.ts'
import { bodyNotObject } from '../errors.ts'
import { type Body, type Whole, whole } from './body.ts'
import { openBrace, skipSpace } from './json.ts'
import { setJson, stripJson } from './json-edit.ts'
import { type Content, type Naming, rename } from './naming.ts'
import { joined } from './pieces.ts'

/** What is changed in a request before it goes to its model. */
export interface Rewriting {
  /** What the upstream is to read as the model; null leaves what the client wrote. */
  readonly model: string | null
  readonly filters: Filters
  /** The name that was asked for, which decides about `setParamsByID`. */
  readonly name: string
}

/**
 * The request as its model is to read it (server §8.1): renamed, then stripped, then set. A request that nothing is to be
 * changed in keeps its very bytes, and a GET never gains a body (W10).
 * @throws ApiError 400 for parameters that have no object to stand in
 */
export function rewrite(content: Content<Whole>, naming: Naming, rewriting: Rewriting): Content<Whole> {
  const named = readdress(content, naming, rewriting)
  if (!isFiltered(naming, rewriting)) return named
  const bytes = joined(named.body.pieces)
  if (bytes[skipSpace(bytes, 0)] !== openBrace) throw bodyNotObject()

  const { filters } = rewriting
  const stripped = filters.strip.reduce(stripJson, bytes)
  const set = paramsOf(rewriting).reduce((body, { path, json }) => setJson(body, path, json), stripped)
  return { ...named, body: whole([set]) }
}

/** The request under the name by which its upstream knows the model. */
export function readdress<B extends Body>(content: Content<B>, naming: Naming, { model }: Rewriting): Content<B> {
  return model === null || model === naming.model ? content : rename(content, naming, model)
}

/** Whether more than the name is to be changed, for which all of a body must be there. Filters are for JSON. */
export function isFiltered({ medium }: Naming, rewriting: Rewriting): boolean {
  return medium === 'json' && rewriting.filters.strip.length + paramsOf(rewriting).length > 0
}

function paramsOf({ filters, name }: Rewriting): readonly Param[] {
  return [...filters.set, ...(filters.setById.get(name) ?? [])]
}
