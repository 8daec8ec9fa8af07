import { closest, distance } from 'fastest-levenshtein'

/** The known name that was most likely meant by one that is not known. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const near = closest(name, known)
  const steps = distance(name, near)
  return steps < name.length && steps <= Math.max(2, name.length / 3) ? near : undefined
}
