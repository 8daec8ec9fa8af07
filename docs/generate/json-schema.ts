import { type Like, mannerOf, type Schema, type Shape, type StructShape, shapeOf } from '../../config/shape.ts'
import { duration, either, looseWord, oldBoolean, oldNumber, reference, typedReference } from './patterns.ts'

/** A JSON schema of draft 7, the one that YAML editors know best. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly [keyword: string]: unknown
}

/**
 * What a field accepts, for editors. It refuses nothing that the program takes without a warning; what one value alone does
 * not tell, it leaves to the program.
 */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const { isRequired } = mannerOf(schema)
  const accepted = acceptedBy(shapeOf(schema), isRequired)
  return { ...described(schema), ...(isRequired ? accepted : orNull(accepted)) }
}

/** An entry of the user's that is null has every default: too little where it, or one of its keys, must be written. */
function entryOf(schema: Schema): JsonSchema {
  const shape = shapeOf(schema)
  const needsMore = mannerOf(schema).isRequired || (shape.type === 'struct' && requiredKeys(shape).length > 0)
  const accepted = acceptedBy(shape, false)
  return { ...described(schema), ...(needsMore ? accepted : orNull(accepted)) }
}

function acceptedBy(shape: Shape, isRequired: boolean): JsonSchema {
  switch (shape.type) {
    case 'text':
      return textLike(shape.like)
    case 'integer':
      return {
        type: ['integer', 'string'],
        ...(shape.least !== undefined && { minimum: shape.least }),
        ...(shape.most !== undefined && { maximum: shape.most }),
        ...patterned(either(oldNumber, typedReference), 'a whole number'),
      }
    case 'boolean':
      return { type: ['boolean', 'string'], ...patterned(either(oldBoolean, typedReference), 'true or false') }
    case 'duration':
      return { type: 'string', ...patterned(either(duration, reference), 'a duration such as `1m30s`') }
    case 'word': {
      const others = shape.isLoose ? either(looseWord(shape.words), reference) : reference
      return { type: 'string', anyOf: [{ enum: shape.words }, { pattern: others }] }
    }
    case 'list':
      return { type: 'array', ...(isRequired && { minItems: 1 }), items: jsonSchemaOf(shape.item) }
    case 'record':
      return {
        type: 'object',
        ...(isRequired && { minProperties: 1 }),
        ...(shape.keys && { propertyNames: { pattern: either(shape.keys.pattern, reference) } }),
        additionalProperties: entryOf(shape.value),
      }
    case 'struct':
      return structOf(shape)
    case 'anything':
      return {}
  }
}

function textLike(like: Like | undefined): JsonSchema {
  const any = ['string', 'number', 'boolean']
  if (!like) return { type: any }
  const isLikeNumbers = new RegExp(like.pattern).test('0')
  return { type: isLikeNumbers ? any : 'string', ...patterned(either(like.pattern, reference), like.expected) }
}

function structOf(shape: StructShape): JsonSchema {
  const { entries, shorthand } = shape
  const keys = requiredKeys(shape)
  const word = shorthand === undefined ? {} : acceptedBy(shapeOf(entries[shorthand]!), true)
  return {
    ...word,
    type: ['object', word.type ?? []].flat(),
    properties: Object.fromEntries(Object.entries(entries).map(([key, field]) => [key, jsonSchemaOf(field)])),
    ...(keys.length > 0 && { required: keys }),
    additionalProperties: false,
  }
}

function requiredKeys({ entries }: StructShape): readonly string[] {
  return Object.keys(entries).filter((key) => mannerOf(entries[key]!).isRequired)
}

function orNull(schema: JsonSchema): JsonSchema {
  return schema.type === undefined ? schema : { ...schema, type: [schema.type, 'null'].flat() }
}

/** The message is for editors that know it; others show the pattern. */
function patterned(pattern: string, expected: string): JsonSchema {
  return { pattern, patternErrorMessage: `expected ${expected}, or a reference such as \`\${NAME}\`` }
}

function described(schema: Schema): JsonSchema {
  const { description, default: written, isRequired, instead } = mannerOf(schema)
  const usual = isRequired || written === undefined ? undefined : jsonOf(shapeOf(schema), written)
  return {
    ...(description !== undefined && { description, markdownDescription: markdown(description, usual) }),
    ...(usual !== undefined && { default: usual }),
    ...(instead !== undefined && { deprecationMessage: `outdated: write ${instead}` }),
  }
}

/** What editors show beside the key. */
function markdown(description: string, usual: unknown): string {
  return usual === undefined ? description : `${description}\n\nDefault: \`${JSON.stringify(usual)}\``
}

/** What counts as written when nothing is, as JSON. */
function jsonOf({ type }: Shape, written: string | readonly string[]): unknown {
  if (typeof written !== 'string') return written
  if (type === 'integer') return Number(written)
  return type === 'boolean' ? written === 'true' : written
}
