import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configSchema } from './config-schema.ts'
import { withTables } from './tables.ts'

export const root = join(import.meta.dirname, '..', '..')
export const reference = 'docs/configuration.md'

/** What is written from the schema of the configuration, by file: a whole file, or the tables in one. */
export function documents(): ReadonlyMap<string, string> {
  return new Map([
    ['config.schema.json', `${JSON.stringify(configSchema, null, 2)}\n`],
    [reference, withTables(readFileSync(join(root, reference), 'utf8'))],
  ])
}
