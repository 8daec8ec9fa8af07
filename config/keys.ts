import type { Place } from './problem.ts'
import { Mapping, type Tree } from './tree.ts'

/** What is wrong with a second key of one spelling. */
export function standsTwice(key: string, first: Place): string {
  return `the key \`${key}\` stands twice in this mapping, first in line ${first.line}`
}

/**
 * The mapping under other keys. Two that become one are a mistake, of which the first stands.
 * @param complain told of the second
 */
export function renameKeys(
  mapping: Mapping,
  rename: (key: string, place: Place) => string,
  complain: (key: string, place: Place, message: string) => void,
): Mapping {
  const entries = new Map<string, Tree>()
  const keys = new Map<string, Place>()
  for (const [written, value] of mapping.entries) {
    const place = mapping.keys.get(written) ?? value.place
    const key = rename(written, place)
    const first = keys.get(key)
    if (first) complain(key, place, standsTwice(key, first))
    else {
      entries.set(key, value)
      keys.set(key, place)
    }
  }
  return new Mapping(entries, keys, mapping.place, mapping.merge)
}
