import type { Problem } from './problem.ts'
import { refer } from './references.ts'
import { dotted, type Mapping, type Path, problemAt, Scalar } from './tree.ts'

/** What is given out when nothing else is said, as the reference does. */
export const firstPort = 5800
export const lastPort = 65535

/** The next port, given out in ascending order of the ids: the same file always gives the same ports (§8). */
export class Ports {
  #next: number

  constructor(first: number) {
    this.#next = first
  }

  /** A port for a model whose command asks for one. */
  assign(model: Mapping, path: Path): { port: number | null; problems: readonly Problem[] } {
    const complain = (key: string, message: string): readonly Problem[] => [
      { ...problemAt(model, [key], message), path: dotted([...path, key]) },
    ]
    if (!mentions(model, 'cmd')) {
      return { port: null, problems: mentions(model, 'proxy') ? complain(...portless(model)) : [] }
    }
    const port = this.#next++
    if (port <= lastPort) return { port, problems: [] }
    return {
      port: null,
      problems: complain('cmd', `no port is left for it: ${port} is above ${lastPort}. Lower startPort`),
    }
  }
}

function mentions(model: Mapping, key: string): boolean {
  const value = model.entries.get(key)
  return value instanceof Scalar && value.text.includes(refer('PORT'))
}

function portless(model: Mapping): [key: string, message: string] {
  const isWritten = model.keys.has('proxy')
  const why = `it is said to listen on ${isWritten ? '' : `http://localhost:`}${refer('PORT')}, but \`cmd\` gives it no port`
  return [isWritten ? 'proxy' : 'cmd', `${why}: set \`proxy\` to where it listens, or use ${refer('PORT')} in \`cmd\``]
}
