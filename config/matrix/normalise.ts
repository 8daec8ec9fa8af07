import * as v from 'valibot'
import type { Matrix, ModelId } from '../config.ts'
import { field, record, required, struct } from '../fields.ts'
import type { NameTable } from '../names.ts'
import type { Problems } from '../problems.ts'
import { integer, notBlank, text } from '../scalars.ts'
import { shaped } from '../shape.ts'
import type { Path } from '../tree.ts'
import { normaliseCosts } from './costs.ts'
import { normaliseSets } from './sets.ts'
import { normaliseVars, varName } from './vars.ts'

const costSchema = v.pipe(
  integer,
  v.minValue(1, ({ received }) => `must be at least 1, and this is ${received}`),
  shaped({ type: 'integer', least: 1 }),
)

export const matrixSchema = struct({
  vars: record(field(text, '', 'The id of a model.'), 'Short names for models, for the costs and the sets.', varName),
  evict_costs: record(
    field(costSchema, '1', 'At least 1.'),
    'What it costs to stop a model, by var or id; 1 unless said. The cheapest way to make room is taken.',
  ),
  sets: required(
    record(
      required(field(notBlank, '', 'An expression, such as `chat & (tts | draw)`.')),
      'Models that may run together. Earlier sets go first among those that cost the same.',
    ),
  ),
})

type MatrixFields = v.InferOutput<typeof matrixSchema>

/** Resolves the names of a matrix, parses its sets and puts them in order (§12). */
export function normaliseMatrix(
  { vars, evict_costs, sets }: MatrixFields,
  models: readonly ModelId[],
  names: NameTable,
  path: Path,
  problems: Problems,
): Matrix {
  const vocabulary = normaliseVars(vars, models, names, [...path, 'vars'], problems)
  const costs = normaliseCosts(evict_costs, vocabulary, [...path, 'evict_costs'], problems)
  return { sets: normaliseSets(sets, vocabulary, [...path, 'sets'], problems), costs }
}
