import { join } from 'node:path'
import { configSchema } from './config-schema.ts'

export const root = join(import.meta.dirname, '..', '..')

/** What is written from the schema of the configuration, by file. */
export function documents(): ReadonlyMap<string, string> {
  return new Map([['config.schema.json', `${JSON.stringify(configSchema, null, 2)}\n`]])
}
