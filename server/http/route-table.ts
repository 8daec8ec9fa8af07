import { TrieRouter } from 'hono/router/trie-router'
import type { Route } from '../route.ts'
import { decodePath } from './target.ts'

/** A path, and all that may be done with it. */
export interface Place {
  readonly routes: readonly Route[]
  /** The value of `Allow` (server §4.2). */
  readonly allow: string
  /** How many segments stand before the path's `{name}`. */
  readonly before: number
  /** What follows the `{name}`: another segment, or nothing. */
  readonly isRest: boolean
}

/** Finds the routes of a path. */
export class RouteTable {
  readonly #router = new TrieRouter<Place>()

  constructor(routes: readonly Route[]) {
    for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
      this.#router.add('ALL', patternOf(path), placeOf(path, same))
    }
  }

  find(path: string): Place | undefined {
    return this.#match(path) ?? (path.includes('%') ? this.#match(decodePath(path)) : undefined)
  }

  #match(path: string): Place | undefined {
    const [found] = this.#router.match('ALL', path)
    return found[0]?.[0]
  }
}

/** The one that answers the method. */
export function routeFor({ routes }: Place, method: string): Route | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  return routes.find((route) => route.method === asked || route.method === 'ANY')
}

/** What stands in `path` for the `{name}` of its route. */
export function argumentIn(path: string, { before, isRest }: Place): string {
  const segments = path.split('/').slice(1 + before)
  return isRest ? segments.join('/') : (segments[0] ?? '')
}

/** In the notation of Hono's routers. */
function patternOf(path: string): string {
  return path.replace(/\{(\w+)\.\.\.\}$/, ':$1{[^]*}').replace(/\{(\w+)\}/, ':$1')
}

function placeOf(path: string, routes: readonly Route[]): Place {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const segments = path.split('/').slice(1)
  const at = segments.findIndex((segment) => segment.startsWith('{'))
  return {
    routes,
    allow: methods.join(', '),
    before: at < 0 ? segments.length : at,
    isRest: segments[at]?.endsWith('...}') ?? false,
  }
}
