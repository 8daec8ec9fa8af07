import * as v from 'valibot'

export type Schema = v.GenericSchema<unknown, unknown>

/** What a schema accepts. The schemas of a configuration carry this, so that whoever explains the format need not repeat it. */
export type Shape =
  | TextShape
  | WholeNumberShape
  | { readonly type: 'boolean' }
  | { readonly type: 'duration' }
  | WordShape
  | ListShape
  | StructShape
  | RecordShape
  | { readonly type: 'anything' }

export interface TextShape {
  readonly type: 'text'
  /** What every accepted text is like: the check itself may ask for more. */
  readonly like?: Like
}

export interface Like {
  /** A regular expression. */
  readonly pattern: string
  /** In words. */
  readonly expected: string
}

export interface WholeNumberShape {
  readonly type: 'integer'
  readonly least?: number
  readonly most?: number
}

export interface WordShape {
  readonly type: 'word'
  readonly words: readonly string[]
  /** In any case, and with blanks around it. */
  readonly isLoose: boolean
}

export interface ListShape {
  readonly type: 'list'
  readonly item: Schema
}

export interface StructShape {
  readonly type: 'struct'
  readonly entries: Readonly<Record<string, Schema>>
  /** The one key that a word alone stands for. */
  readonly shorthand?: string
}

export interface RecordShape {
  readonly type: 'record'
  readonly value: Schema
  /** What every accepted key is like. */
  readonly keys?: Like
}

/** How a field stands in the mapping that holds it. */
export interface Manner {
  readonly description?: string
  /** What counts as written when it is left out. */
  readonly default?: string | readonly string[]
  /** Without it, and with nothing in it, the configuration does not load. */
  readonly isRequired: boolean
  /** What to write instead of it: it is read for old files only. */
  readonly instead?: string
}

/** Makes a schema tell its shape. */
export function shaped<T>(shape: Shape): v.MetadataAction<T, { readonly shape: Shape }> {
  return v.metadata({ shape })
}

export function shapeOf(schema: Schema): Shape {
  const { shape } = v.getMetadata(schema) as { readonly shape?: Shape }
  if (!shape) throw new Error('a schema of the configuration tells no shape: build it with fields.ts and scalars.ts')
  return shape
}

export function mannerOf(schema: Schema): Manner {
  const { default: written, isRequired = false, instead } = v.getMetadata(schema) as Partial<Manner>
  const description = v.getDescription(schema)
  return {
    isRequired,
    ...(description !== undefined && { description }),
    ...(written !== undefined && { default: written }),
    ...(instead !== undefined && { instead }),
  }
}
