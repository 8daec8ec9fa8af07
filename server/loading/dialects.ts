import { chatDialect } from './chat.ts'
import type { LoadingDialect } from './dialect.ts'
import { messagesDialect } from './messages.ts'
import { responsesDialect } from './responses.ts'

type Make = (model: string, id: string, created: number) => LoadingDialect

const dialects: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['/v1/chat/completions', chatDialect],
  ['/v1/messages', messagesDialect],
  ['/v1/responses', responsesDialect],
])

export function hasDialect(path: string): boolean {
  return dialects.has(path)
}

let count = 0

/** How the answers of a path tell of progress; null for paths that do not stream. `now` is in milliseconds since the epoch. */
export function dialectFor(path: string, model: string, now: number): LoadingDialect | null {
  return dialects.get(path)?.(model, `loading-${now}-${++count}`, Math.floor(now / 1000)) ?? null
}
