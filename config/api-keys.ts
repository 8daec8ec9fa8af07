import { isDeepStrictEqual } from 'node:util'
import type * as v from 'valibot'
import { field, list, required, shorthand, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { oneOf, text, withoutBlanks } from './scalars.ts'

/** Parts of the API: requests to models; loading, unloading and profiles; logs and events; the web page. */
export type Scope = (typeof scopes)[number]
const scopes = ['inference', 'control', 'logs', 'ui'] as const

/** Who holds the key may do this (§7.9). */
export interface ApiKey {
  /** Printable and without blanks. Never shown. */
  readonly key: string
  /** For logs and activity; null when it has none. */
  readonly name: string | null
  /** Globs over the names of models: `*` is any run of characters, everything else is itself. Default `*`, all of them. */
  readonly models: readonly string[]
  /** Never empty. Default all. */
  readonly allow: readonly Scope[]
}

export const apiKeySchema = shorthand(
  'key',
  struct({
    key: required(field(withoutBlanks, '', 'The secret.')),
    name: field(text, '', 'Whose it is, for logs and activity.'),
    models: list(text, 'Models that it may use; `*` in a name is any run of characters.', ['*']),
    allow: list(oneOf(scopes), 'What it may do.', scopes),
  }),
)

type KeyFields = v.InferOutput<typeof apiKeySchema>

/** No message names a key: messages end up in logs. */
export function normaliseApiKeys(fields: readonly KeyFields[], problems: Problems): readonly ApiKey[] {
  const keys = fields.map(({ name, ...rest }): ApiKey => ({ ...rest, name: name.trim() || null }))
  keys.forEach(({ key, models, allow }, index) => {
    const complain = (message: string) => problems.error(['apiKeys', index], message)
    const first = keys.find((other) => other.key === key)!
    if (key === '') complain('is empty: a key that everyone has protects nothing')
    else if (/[\s\p{Cc}]/u.test(key)) complain('contains a blank or control character, which no client can send')
    else if (!isDeepStrictEqual([first.models, first.allow], [models, allow])) {
      complain(`is the same key as apiKeys[${keys.indexOf(first)}], with other rights: keep one`)
    }
    if (allow.length === 0) complain('allows nothing: list what it may do, or leave `allow` out for everything')
  })
  return keys
}
