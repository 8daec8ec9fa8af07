import * as v from 'valibot'
import { List, Mapping, Scalar } from './tree.ts'

/*
 * How the shapes of a configuration are read from a tree. The types say only what comes out; what is inside can be looked
 * into, see `unknown-keys.ts`.
 */

type Field<T> = v.GenericSchema<unknown, T>

const nowhere = { file: '', line: 0, column: 0 }
const emptyMapping = () => new Mapping(new Map(), new Map(), nowhere)

/** A field that may be left out, and what then counts as written. */
export function field<T>(schema: Field<T>, written: string, description: string): Field<T> {
  return v.pipe(
    v.optional(schema, () => new Scalar(written, true, nowhere)),
    v.description(description),
  ) as Field<T>
}

/** A list, empty when it is left out. */
export function list<T>(item: Field<T>, description: string): Field<readonly T[]> {
  const items = v.pipe(
    v.instance(List, 'expected a list'),
    v.transform((list): unknown[] => list.items.filter((item) => !isNull(item))),
    v.array(item),
  )
  return v.pipe(
    v.optional(items, () => new List([], nowhere)),
    v.description(description),
  ) as Field<readonly T[]>
}

/** A mapping with known keys. One that is null has every default. */
export function struct<const E extends v.ObjectEntries>(
  entries: E,
): Field<v.InferOutput<v.ObjectSchema<E, undefined>>> {
  return v.pipe(
    mapping,
    v.transform((tree): unknown => Object.fromEntries([...tree.entries].filter(([, value]) => !isNull(value)))),
    v.object(entries),
  ) as Field<v.InferOutput<v.ObjectSchema<E, undefined>>>
}

/** A struct that may be left out. */
export function section<T>(schema: Field<T>, description: string): Field<T> {
  return v.pipe(v.optional(schema, emptyMapping), v.description(description)) as Field<T>
}

/** A mapping whose keys are the user's names. An entry that is null has every default. */
export function record<T>(value: Field<T>, description: string): Field<ReadonlyMap<string, T>> {
  const entries = v.pipe(
    mapping,
    v.transform((tree): ReadonlyMap<string, unknown> => tree.entries),
    v.map(v.string(), value),
  )
  return v.pipe(v.optional(entries, emptyMapping), v.description(description)) as Field<ReadonlyMap<string, T>>
}

const mapping = v.pipe(
  v.custom<Mapping | Scalar>((value) => value instanceof Mapping || isNull(value), 'expected a mapping'),
  v.transform((value) => (value instanceof Mapping ? value : emptyMapping())),
)

function isNull(value: unknown): boolean {
  return value instanceof Scalar && value.isNull
}
