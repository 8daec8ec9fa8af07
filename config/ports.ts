import { expand } from './macros.ts'
import type { Problem } from './problem.ts'
import { type Mapping, problemAt, Scalar, type Tree } from './tree.ts'

const last = 65535
const reference = `\${PORT}`

/** The next free port, given out in ascending order of the ids: the same file always gives the same ports (§8). */
export class Ports {
  #next: number

  constructor(first: number) {
    this.#next = first
  }

  /** Replaces `${PORT}` throughout the model if its command asks for a port. */
  assign(model: Mapping): { model: Tree; port: number | null; problems: readonly Problem[] } {
    if (!mentions(model, 'cmd'))
      return { model, port: null, problems: mentions(model, 'proxy') ? [portless(model)] : [] }
    const port = this.#next++
    const problems =
      port > last
        ? [problemAt(model, ['cmd'], `there is no port left for it: ${port} is above ${last}. Lower startPort`)]
        : []
    const scope = new Map([['PORT', new Scalar(String(port), true, model.place)]])
    return { model: expand(model, scope), port, problems }
  }
}

function mentions(model: Mapping, key: string): boolean {
  const value = model.entries.get(key)
  return value instanceof Scalar && value.text.includes(reference)
}

function portless(model: Mapping): Problem {
  const message = `its address is http://localhost:${reference}, but cmd is given no port: set \`proxy\` to where it listens, or use ${reference} in \`cmd\``
  return problemAt(model, model.keys.has('proxy') ? ['proxy'] : ['cmd'], message)
}
