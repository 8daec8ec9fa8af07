import { rootSchema } from '../../config/schema.ts'
import { template } from '../../config/unknown-keys.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import { oneEngine } from './one-engine.ts'

/** The JSON schema of the whole configuration. */
export const configSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment: 'Written by `npm run schema` from config/schema.ts.',
  title: 'hotseat',
  ...jsonSchemaOf(rootSchema),
  patternProperties: { [`^${template}`]: {} },
  allOf: oneEngine,
}
