import { anything, field, outdated, record, struct } from './fields.ts'
import { type JsonText, jsonOf } from './json.ts'
import { byCodePoint } from './order.ts'
import { mistakeInPath, type ParamPath, parseParamPath } from './param-path.ts'
import type { Problems } from './problems.ts'
import { text } from './scalars.ts'
import type { Path, Tree } from './tree.ts'

/** What is changed in the JSON body of a request before it is forwarded (§7.3, §13.5), in this order. */
export interface Filters {
  /** Removed. Sorted. */
  readonly strip: readonly ParamPath[]
  /** Then set. Sorted. */
  readonly set: readonly Param[]
  /** Then set for who asked by this very name, be it an id or an alias. Sorted within. */
  readonly setById: ReadonlyMap<string, readonly Param[]>
}

export interface Param {
  readonly path: ParamPath
  readonly json: JsonText
}

const params = (description: string) => record(anything, description)

const entries = {
  stripParams: field(text, '', 'Parameters to remove from requests, separated by commas; `a.b` is b within a.'),
  setParams: params('Parameters to set, whatever the request says; `a.b` is b within a.'),
  setParamsByID: record(
    params('Parameters to set.'),
    'Parameters to set when the model is asked for by this name, which is an alias of it.',
  ),
}

export const peerFiltersSchema = struct(entries)

export const modelFiltersSchema = struct({
  ...entries,
  strip_params: outdated(field(text, '', 'The old name of `stripParams`, read when that is empty.'), '`stripParams`'),
})

interface FilterFields {
  readonly stripParams: string
  readonly strip_params?: string
  readonly setParams: ReadonlyMap<string, Tree>
  readonly setParamsByID: ReadonlyMap<string, ReadonlyMap<string, Tree>>
}

/** A request is routed by its model: no filter touches that. */
const untouchable = 'model'

export function normaliseFilters(fields: FilterFields, path: Path, problems: Problems): Filters {
  const key = fields.stripParams || !fields.strip_params ? 'stripParams' : 'strip_params'
  const names = new Set((fields[key] ?? '').split(',').map((name) => name.trim()))
  const strip = sorted(names)
    .filter((name) => name !== '' && name !== untouchable)
    .filter((name) => isPath(name, [...path, key], problems))
    .map(parseParamPath)

  const setById = [...fields.setParamsByID].map(
    ([id, params]) => [id, normaliseParams(params, [...path, 'setParamsByID', id], problems)] as const,
  )
  const set = normaliseParams(fields.setParams, [...path, 'setParams'], problems)
  return { strip, set, setById: new Map(setById) }
}

function normaliseParams(params: ReadonlyMap<string, Tree>, path: Path, problems: Problems): readonly Param[] {
  return sorted(params.keys())
    .filter((name) => name !== untouchable)
    .filter((name) => isPath(name, [...path, name], problems))
    .map((name) => ({
      path: parseParamPath(name),
      json: jsonOf(params.get(name)!, (below, message) => problems.error([...path, name, ...below], message)),
    }))
}

function isPath(name: string, place: Path, problems: Problems): boolean {
  const mistake = mistakeInPath(name)
  if (mistake !== null) problems.error(place, mistake)
  return mistake === null
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].sort(byCodePoint)
}
