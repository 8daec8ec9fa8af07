import { RE2JS } from 're2js'
import { list, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { text } from './scalars.ts'

/** A regular expression that takes time in proportion to the text, whatever the expression: clients choose the text. */
export class PathPattern {
  /** As written, in the syntax of RE2. */
  readonly source: string
  readonly #expression: RE2JS

  /** @throws Error with what is wrong in the expression */
  constructor(source: string) {
    this.source = source
    this.#expression = RE2JS.compile(source)
  }

  /** Whether it matches anywhere in the path. */
  test(path: string): boolean {
    return this.#expression.test(path)
  }
}

/** What pages load beside themselves: showing one must not load the model again (§7.17). */
const assets = String.raw`.*\.(js|json|css|png|gif|jpg|jpeg|ico|txt)$`

export const upstreamSchema = struct({
  ignorePaths: list(
    text,
    'Regular expressions (RE2) of paths under `/upstream/MODEL` that never load a model. None is the default; `$^` matches nothing.',
    [assets],
  ),
})

export function normaliseIgnorePaths(sources: readonly string[], problems: Problems): readonly PathPattern[] {
  return (sources.length > 0 ? sources : [assets]).flatMap((source, index) => {
    try {
      return [new PathPattern(source)]
    } catch (error) {
      const message = `\`${source}\` is no regular expression: ${(error as Error).message}. ${limits}`
      problems.error(['upstream', 'ignorePaths', index], message)
      return []
    }
  })
}

const limits = 'The syntax is that of RE2, without look-around and back-references, which can take for ever'
