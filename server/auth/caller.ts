import type { ApiKey, Scope } from '../../config/api-keys.ts'

/** Who sent a request. */
export interface Caller {
  /** Null when the configuration has no keys. */
  readonly key: ApiKey | null
  /** Headers that carried a key: they end here (W3). */
  readonly withheld: readonly string[]
  may(scope: Scope): boolean
  /** Whether it may see and use what has these names. One that fits is enough: a right is to a model, not to a spelling. */
  sees(names: readonly string[]): boolean
  /** Whether it may see everything. */
  readonly seesAll: boolean
}

/** Whoever comes when there are no keys. */
export const anyone: Caller = { key: null, withheld: [], may: () => true, sees: () => true, seesAll: true }

export function callerWith(key: ApiKey, withheld: readonly string[]): Caller {
  const seesAll = key.models.includes('*')
  return {
    key,
    withheld,
    seesAll,
    may: (scope) => key.allow.includes(scope),
    sees: (names) => seesAll || key.models.some((glob) => names.some((name) => fits(name, glob))),
  }
}

/** `*` stands for any text, slashes included. */
function fits(name: string, glob: string): boolean {
  const [head = '', ...rest] = glob.split('*')
  const tail = rest.pop()
  if (tail === undefined) return name === glob
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false
  let at = head.length
  const end = name.length - tail.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
