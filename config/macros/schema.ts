import { record, required } from '../fields.ts'
import { text } from '../scalars.ts'

/** Names that hotseat gives a meaning itself. */
export const reserved: readonly string[] = ['PID', 'PORT', 'MODEL_ID']

const name = {
  pattern: `^(?!(?:${reserved.join('|')})$)[A-Za-z0-9_-]{1,63}$`,
  expected: 'a name of letters, digits, `_` and `-`',
}

/** A `macros` block, for who explains the format: it is put in before anything is typed (§6). */
export function macrosField(description: string) {
  return record(required(text), description, name)
}
