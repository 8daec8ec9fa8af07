import { type Schema, shapeOf } from '../../config/shape.ts'

/** One key of the format. What the user names is `ID` in its path. */
export interface Field {
  readonly path: readonly string[]
  readonly schema: Schema
}

/** Every key below a schema, in the order of the schema. Those that hold keys themselves come before them. */
export function fieldsOf(schema: Schema, path: readonly string[] = []): readonly Field[] {
  const shape = shapeOf(schema)
  switch (shape.type) {
    case 'struct':
      return Object.entries(shape.entries).flatMap(([key, entry]) => [
        { path: [...path, key], schema: entry },
        ...fieldsOf(entry, [...path, key]),
      ])
    case 'record':
      return fieldsOf(shape.value, [...path, 'ID'])
    case 'list':
      return fieldsOf(shape.item, path)
    default:
      return []
  }
}
