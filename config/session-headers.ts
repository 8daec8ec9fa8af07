import { list, section, struct } from './fields.ts'
import { text } from './scalars.ts'

export const uiSchema = struct({
  activity: section(
    struct({
      session_id: list(
        text,
        'Request headers that name a conversation, the first that is there counts. An empty list looks for none.',
        ['X-Session-ID', 'X-Litellm-Session-Id'],
      ),
    }),
    'The page of past requests.',
  ),
})

/** Trimmed, each once, whatever the case; the first spelling is kept (§7.11). */
export function normaliseSessionHeaders(written: readonly string[]): readonly string[] {
  const bySpelling = new Map<string, string>()
  for (const name of written.map((name) => name.trim())) {
    const key = name.toLowerCase()
    if (name !== '' && !bySpelling.has(key)) bySpelling.set(key, name)
  }
  return [...bySpelling.values()]
}
