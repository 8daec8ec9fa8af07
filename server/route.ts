import type { GenericSchema } from 'valibot'
import type { Scope } from '../config/api-keys.ts'
import type { Exchange } from './http/exchange.ts'
import type { Server } from './server.ts'

/** GET answers HEAD as well, ANY whatever the method but OPTIONS. */
export type Method = 'GET' | 'POST' | 'PUT' | 'ANY'

/** One line of the table from which come the routing, `Allow`, the demand for a key, the OpenAPI document and `docs/api.md`. */
export interface Route {
  readonly method: Method
  /** `{name}` stands for any one segment, and `{name...}` at the end for all that is left, slashes and all. At most one of them. */
  readonly path: string
  readonly subject: Subject
  /** Who may call it when the configuration has keys: everyone, or a key that may do one of these. */
  readonly access: 'open' | readonly [Scope, ...Scope[]]
  /** It changes something, so a page of another site may not make a browser call it (W24). */
  readonly changes?: boolean
  /** One sentence. */
  readonly summary: string
  readonly query?: readonly Parameter[]
  readonly body?: Body
  readonly answer: AnswerForm
  readonly handle: (server: Server, exchange: Exchange) => void | Promise<void>
}

/** What groups the routes for a reader. */
export type Subject = 'Inference' | 'Models' | 'Control' | 'Watching' | 'Logs' | 'About'

export interface Parameter {
  readonly name: string
  readonly required: boolean
  readonly summary: string
}

export type Body =
  /** Passed on to the model; `media` are the types in which the model's name is looked for. */
  | { readonly type: 'model'; readonly media: readonly string[] }
  | { readonly type: 'json'; readonly schema: GenericSchema }

export type AnswerForm =
  | { readonly type: 'json'; readonly schema: GenericSchema }
  | { readonly type: 'text'; readonly media: string; readonly summary: string }
  | { readonly type: 'redirect'; readonly status: 301 | 302 | 307 | 308; readonly summary: string }
  /** Whatever the model answers. */
  | { readonly type: 'model' }

export const anyKey = ['inference', 'control', 'logs', 'ui'] as const satisfies readonly Scope[]
