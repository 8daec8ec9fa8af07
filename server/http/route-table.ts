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

/** Finds the routes of a path. Nearly every request asks for one of the few that are fixed, and a look into a map finds it. */
export class RouteTable {
  readonly #fixed = new Map<string, Place>()
  readonly #router = new TrieRouter<Place>()

  constructor(routes: readonly Route[]) {
    for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
      const place = placeOf(path, same)
      if (path.includes('{')) this.#router.add('ALL', patternOf(path), place)
      else this.#fixed.set(path, place)
    }
  }

  find(path: string): Place | undefined {
    return this.#match(path) ?? (path.includes('%') ? this.#match(decodePath(path)) : undefined)
  }

  #match(path: string): Place | undefined {
    return this.#fixed.get(path) ?? this.#router.match('ALL', path)[0][0]?.[0]
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
