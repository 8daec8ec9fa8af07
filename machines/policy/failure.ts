import type { ModelId } from '../../config/config.ts'
import type { Exit } from '../child.ts'

/** Why a load did not end in a ready process. */
export type Failure =
  | { readonly type: 'exit'; readonly exit: Exit }
  /** The check endpoint did not answer 200 within `afterMs` of the spawn. */
  | { readonly type: 'unready'; readonly afterMs: number }

/** Why a request gets an error instead of a grant. The server turns each into a status and a message. */
export type Refusal =
  | { readonly reason: 'unknown model' }
  | { readonly reason: 'concurrency limit'; readonly limit: number }
  | { readonly reason: 'model failed'; readonly failure: Failure; readonly retryAfterMs: number }
  | { readonly reason: 'stop failed'; readonly victim: ModelId }
  | { readonly reason: 'unloaded' }
  /** A reload took the model out of the configuration. */
  | { readonly reason: 'removed' }
  | { readonly reason: 'shutting down' }

/** First wait after a failed load, doubled by each further one up to the last (scheduling §6). */
const firstBackoffMs = 1_000
const lastBackoffMs = 60_000

/** How long no load is tried after this many consecutive failures. */
export function backoffMs(failures: number): number {
  return Math.min(firstBackoffMs * 2 ** (failures - 1), lastBackoffMs)
}
