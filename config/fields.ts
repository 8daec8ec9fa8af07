import * as v from 'valibot'
import { type Like, type StructShape, shaped, shapeOf } from './shape.ts'
import { List, Mapping, Scalar, type Tree } from './tree.ts'

/*
 * How the shapes of a configuration are read from a tree. The types say only what comes out; what goes in is told by
 * `shape.ts`. Null means the default of a scalar or struct, and an empty list or map (§3).
 */

export type Field<T> = v.GenericSchema<unknown, T>

const nowhere = { file: '', line: 0, column: 0 }
const scalarOf = (written: string) => new Scalar(written, true, nowhere)
const emptyMapping = () => new Mapping(new Map(), new Map(), nowhere)

/** A field that may be left out, and what then counts as written. */
export function field<T>(schema: Field<T>, written: string, description: string): Field<T> {
  return v.pipe(
    v.optional(v.unknown(), () => scalarOf(written)),
    v.transform((value): unknown => (isNull(value) ? scalarOf(written) : value)),
    schema,
    v.description(description),
    v.metadata({ default: written }),
  ) as Field<T>
}

/** A field that may be left out, and then means something of its own. */
export function maybe<T>(schema: Field<T>, description: string): Field<T | undefined> {
  return v.pipe(
    v.optional(v.unknown()),
    v.transform((value): unknown => (isNull(value) ? undefined : value)),
    v.optional(schema),
    v.description(description),
    shaped(shapeOf(schema)),
  ) as Field<T | undefined>
}

/** A field that must say something. That it does is checked by who normalises it, and knows what to tell. */
export function required<T>(schema: Field<T>): Field<T> {
  return v.pipe(schema, v.metadata({ isRequired: true })) as Field<T>
}

/** A field that is read for old files only. */
export function outdated<T>(schema: Field<T>, instead: string): Field<T> {
  return v.pipe(schema, v.metadata({ instead })) as Field<T>
}

/** A list; when it is left out, what then counts as written. Its nulls count for nothing. */
export function list<T>(item: Field<T>, description: string, written: readonly string[] = []): Field<readonly T[]> {
  return v.pipe(
    v.optional(v.unknown(), () => new List(written.map(scalarOf), nowhere)),
    v.transform((value): unknown => (isNull(value) ? new List([], nowhere) : value)),
    v.instance(List, 'expected a list'),
    v.transform(({ items }): unknown[] => items.map((node) => (isNull(node) ? undefined : node))),
    v.array(v.optional(item)),
    v.transform((items) => items.filter((value) => value !== undefined)),
    v.description(description),
    v.metadata({ default: written }),
    shaped({ type: 'list', item }),
  ) as Field<readonly T[]>
}

function mapping(expected = 'expected a mapping') {
  return v.pipe(
    v.custom<Mapping | Scalar>((value) => value instanceof Mapping || isNull(value), expected),
    v.transform((value) => (value instanceof Mapping ? value : emptyMapping())),
  )
}

/** A mapping with known keys. One that is null has every default. */
export function struct<const E extends v.ObjectEntries>(
  entries: E,
  expected?: string,
): Field<v.InferOutput<v.ObjectSchema<E, undefined>>> {
  return v.pipe(
    mapping(expected),
    v.transform((tree): unknown => Object.fromEntries(tree.entries)),
    v.object(entries),
    shaped({ type: 'struct', entries: entries as StructShape['entries'] }),
  ) as Field<v.InferOutput<v.ObjectSchema<E, undefined>>>
}

/** A struct that may be left out. */
export function section<T>(schema: Field<T>, description: string): Field<T> {
  return v.pipe(v.optional(schema, emptyMapping), v.description(description), shaped(shapeOf(schema))) as Field<T>
}

/** A struct of which one key is enough: a word stands for the mapping that has the word there. */
export function shorthand<T>(key: string, schema: Field<T>): Field<T> {
  return v.pipe(
    v.unknown(),
    v.transform((value): unknown =>
      value instanceof Scalar ? new Mapping(new Map([[key, value]]), new Map(), value.place) : value,
    ),
    schema,
    shaped({ ...(shapeOf(schema) as StructShape), shorthand: key }),
  ) as Field<T>
}

/**
 * A mapping whose keys are the user's names. An entry that is null has every default.
 * @param keys what every accepted key is like, for `shape.ts`
 */
export function record<T>(value: Field<T>, description: string, keys?: Like): Field<ReadonlyMap<string, T>> {
  const entries = v.pipe(
    mapping(),
    v.transform((tree): ReadonlyMap<string, unknown> => tree.entries),
    v.map(v.string(), value),
  )
  return v.pipe(
    v.optional(entries, emptyMapping),
    v.description(description),
    shaped({ type: 'record', value, ...(keys !== undefined && { keys }) }),
  ) as Field<ReadonlyMap<string, T>>
}

/** Whatever stands there, as it was written. */
export const anything = v.pipe(
  v.custom<Tree>(() => true),
  shaped({ type: 'anything' }),
) as Field<Tree>

function isNull(value: unknown): boolean {
  return value instanceof Scalar && value.isNull
}
