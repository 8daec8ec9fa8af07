/**
 * Where in a request body a parameter is, from the outside in (§13.5, server §8.3). A text is a member of an object. A
 * number is an element of a list, or the member of that name where an object stands; -1 is the last element when it is
 * removed, and the place after it when it is set.
 */
export type ParamPath = readonly (string | number)[]

/**
 * Reads `a.b.0`. A backslash takes the next character as it is: `a\.b` is one member. A colon before a segment makes a
 * member of digits too: `logit_bias.:198`. Give it only what `mistakeInPath` approves of.
 */
export function parseParamPath(written: string): ParamPath {
  const segments = written.match(/(?:\\.|[^.\\])+/gs) ?? []
  return segments.map((segment) =>
    /^(?:-1|0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : segment.replace(/^:/, '').replace(/\\(.)/gs, '$1'),
  )
}

/** Why a text is no path; null when it is one. Paths that mean several parameters, or none, would fail every request. */
export function mistakeInPath(written: string): string | null {
  const bare = written.replace(/\\./gs, 'x')
  const [wildcard] = /[|#@*?]/.exec(bare) ?? []
  if (bare.endsWith('\\')) return `\`${written}\` ends with a backslash, which is there to escape a character`
  if (wildcard !== undefined) {
    return `\`${written}\` names no single parameter: write \`\\${wildcard}\` for the character \`${wildcard}\` itself`
  }
  if (bare.split('.').some((segment) => /^:?$/.test(segment))) {
    return `\`${written}\` has an empty name in it: write \`a.b\` for b within a, and \`a\\.b\` for a dot in a name`
  }
  return null
}
