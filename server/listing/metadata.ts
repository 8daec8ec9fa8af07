import type { Metadata } from '../../config/metadata.ts'

/** Access to the source text of JSON (ES2026), which the type library does not know yet. */
const exactJson = JSON as unknown as {
  rawJSON(text: string): unknown
  parse(text: string, revive: (key: string, value: unknown, context: { source: string }) => unknown): unknown
}

/** Metadata as values that are written again exactly as the user wrote them: 64-bit integers and `1.0` survive. */
export function exactMetadata(metadata: Metadata): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...metadata].map(([key, text]) => [
      key,
      exactJson.parse(text, (_key, value, { source }) =>
        typeof value === 'number' ? exactJson.rawJSON(source) : value,
      ),
    ]),
  )
}
