/** A broken invariant of `machines/README.md`, by its number. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly invariant: string

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`)
    this.invariant = invariant
  }
}

export function demand(invariant: string, holds: boolean, message: () => string): void {
  if (!holds) throw new Violation(invariant, message())
}
