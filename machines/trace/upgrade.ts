/**
 * Lines as version N of the format wrote them into lines of version N + 1; the first is for version 1. A change of the
 * machines that an earlier trace cannot be read with adds one, and a fixture of the version that it ends.
 */
export const upgrades: readonly ((line: object) => object)[] = []

/** What is written now. */
export const formatVersion = upgrades.length + 1

/** A line of an earlier version as this one writes it. */
export function upgrade(line: object, version: number): object {
  return upgrades.slice(version - 1).reduce((current, next) => next(current), line)
}
