/** Where a value stands in the bytes: `[start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Looks for some fields of a body while it comes, and checks it: wherever it is cut, the same is found. */
export interface Scanner {
  /** The fields that have come to their end, with their places in the whole body. The first of a name counts. */
  readonly found: ReadonlyMap<string, Span>
  /**
   * The next bytes.
   * @throws SyntaxError as soon as nothing that could follow would make it a body of its kind
   */
  push(bytes: Buffer): void
  /**
   * Nothing more will come.
   * @throws SyntaxError when that is too early
   */
  end(): void
}

/** Looks for nothing, and takes everything. */
export const anything: Scanner = { found: new Map(), push() {}, end() {} }
