import { rootSchema } from '../../config/schema.ts'
import { mannerOf, type Schema, type Shape, shapeOf, type WholeNumberShape } from '../../config/shape.ts'
import { type Field, fieldsOf } from './fields.ts'

const fields = fieldsOf(rootSchema)

/*
 * `<!-- fields models.ID: cmd cmdStop -->` asks for a table of these keys, `*` for all of them. Several places may share one;
 * the root is `.`, or nothing.
 */
const request = /<!-- fields([^:>]*): ([^>]*) -->\n(?:\|.*\n)*/g

/** Writes the tables of a document anew. */
export function withTables(document: string): string {
  return document.replace(
    request,
    (_, places: string, keys: string) =>
      `<!-- fields${places}: ${keys} -->\n${table(heading(places), requested(places, keys))}`,
  )
}

/** The keys that a document has in tables, each as often as it is there. */
export function keysIn(document: string): readonly string[] {
  return [...document.matchAll(request)].flatMap(([, places, keys]) =>
    requested(places!, keys!).flatMap((row) => row.places.map(({ path }) => path.join('.'))),
  )
}

/** The keys that must be explained: those with a meaning of their own, and not only keys below. */
export const explained: readonly string[] = fields.filter(isExplained).map(({ path }) => path.join('.'))

interface Row {
  readonly key: string
  /** Where it stands, with what it is there. */
  readonly places: readonly Field[]
}

function requested(places: string, keys: string): readonly Row[] {
  const prefixes = places
    .trim()
    .split(/\s+/)
    .map((place) => (place === '' || place === '.' ? '' : `${place}.`))
  const wanted = keys.trim().split(/\s+/)
  const named = wanted[0] === '*' ? keysBelow(prefixes) : wanted
  return named.map((key) => {
    const found = prefixes.flatMap((prefix) => fields.filter(({ path }) => path.join('.') === prefix + key))
    if (found.length === 0) throw new Error(`a document asks for the key ${prefixes[0]}${key}, which there is not`)
    return { key, places: found }
  })
}

function keysBelow(prefixes: readonly string[]): readonly string[] {
  const below = prefixes.flatMap((prefix) =>
    fields.filter(isExplained).flatMap(({ path }) => {
      const key = path.join('.')
      return key.startsWith(prefix) ? [key.slice(prefix.length)] : []
    }),
  )
  return [...new Set(below)]
}

function isExplained({ schema }: Field): boolean {
  const shape = shapeOf(schema)
  const inner = shape.type === 'record' ? shapeOf(shape.value) : shape
  return inner.type !== 'struct'
}

/** Says where the keys of a table stand, unless that is the root. */
function heading(places: string): string {
  const named = places.split(/\s+/).filter((place) => place !== '' && place !== '.')
  return named.length === 0 ? 'key' : `key of ${named.map(code).join(', ')}`
}

function table(heading: string, rows: readonly Row[]): string {
  const lines = rows.map(({ key, places }) => {
    const { description = '' } = mannerOf(places[0]!.schema)
    return `| \`${key}\` | ${typeOf(shapeOf(places[0]!.schema))} | ${defaults(places)} | ${cell(description)} |\n`
  })
  return `| ${heading} | type | default | meaning |\n| --- | --- | --- | --- |\n${lines.join('')}`
}

/** One for all places, or one for each. */
function defaults(places: readonly Field[]): string {
  const each = new Map(places.map(({ path, schema }) => [path[0]!, defaultOf(schema)]))
  const different = new Set(each.values())
  return different.size === 1 ? [...different][0]! : [...each].map(([root, value]) => `${value} (${root})`).join(', ')
}

function defaultOf(schema: Schema): string {
  const { default: written, isRequired } = mannerOf(schema)
  if (isRequired) return '**required**'
  if (written === undefined || written.length === 0) return ''
  return [written].flat().map(code).join(', ')
}

function typeOf(shape: Shape): string {
  switch (shape.type) {
    case 'text':
    case 'duration':
      return shape.type
    case 'boolean':
      return 'true or false'
    case 'integer':
      return integerType(shape)
    case 'word':
      return shape.words
        .filter((word) => word !== '')
        .map(code)
        .join(', ')
    case 'list':
      return shapeOf(shape.item).type === 'struct' ? 'list' : `list of ${typeOf(shapeOf(shape.item))}`
    case 'record':
      return `mapping to ${typeOf(shapeOf(shape.value))}`
    case 'struct':
      return 'mapping'
    case 'anything':
      return 'anything'
  }
}

function integerType({ least, most }: WholeNumberShape): string {
  if (least === undefined) return 'number'
  return most === undefined ? `number ≥ ${least}` : `number ${least} – ${most}`
}

function code(text: string): string {
  return cell(`\`${text}\``)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
