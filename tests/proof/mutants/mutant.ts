/** A bug, planted in a copy of one file of `machines/`. */
export interface Mutant {
  /** What it breaks: an invariant of `machines/README.md`, or a section of the scheduling rules. */
  readonly breaks: string
  readonly bug: string
  /** Within `machines/`. */
  readonly file: string
  /** What is written there, once, and what is to be written instead. */
  readonly edits: readonly (readonly [find: string, replace: string])[]
}

export function mutant(breaks: string, bug: string, file: string, ...edits: Mutant['edits']): Mutant {
  return { breaks, bug, file, edits }
}

/** @throws Error when what is to be replaced is not there exactly once: then the mutant must follow the code */
export function mutate(source: string, { bug, file, edits }: Mutant): string {
  return edits.reduce((text, [find, replace]) => {
    const parts = text.split(find)
    if (parts.length !== 2) throw new Error(`${file} has ${JSON.stringify(find)} ${parts.length - 1} times: ${bug}`)
    return parts.join(replace)
  }, source)
}
